namespace Serverless.Flows;

public sealed partial class FlowContext
{
    private readonly TransactionScope _transactions = new();

    /// <summary>
    /// Runs a part of the flow as a transaction. If it throws, if the run is cancelled or times out meanwhile, or if it calls
    /// <see cref="FlowTransaction.RollBack"/>, the task runs that completed in it are rolled back, the last first: the hooks that their
    /// tasks declare by <see cref="TaskAttribute.OnRollback"/> are called, and the runs become RolledBack. Otherwise the hooks
    /// <see cref="TaskAttribute.OnCommit"/> are called. A transaction inside another one commits with that one; if it is rolled back, so is
    /// that one. Both ends are recorded, and are continued after a crash.
    /// </summary>
    /// <param name="body">The part of the flow.</param>
    /// <returns>A task that is done when the transaction has ended.</returns>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task TransactionAsync(Func<FlowTransaction, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TransactionAsync(async transaction =>
        {
            await body(transaction);
            return true;
        });
    }

    /// <inheritdoc cref="TransactionAsync(Func{FlowTransaction, Task})"/>
    /// <typeparam name="T">What the part of the flow returns.</typeparam>
    public Task<T> TransactionAsync<T>(Func<FlowTransaction, Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var transaction = new FlowTransaction(_engine, _transactions.Current).RunAsync(_transactions, body);
        _calls.Hold(transaction);
        return transaction;
    }
}
