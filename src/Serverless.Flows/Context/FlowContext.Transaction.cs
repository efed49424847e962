using Serverless.Flows.Calls;

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
    /// <param name="options">A key, with which it is done once; null for none.</param>
    /// <returns>A task that is done when the transaction has ended.</returns>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="InvalidOperationException">A transaction around this one has the same key.</exception>
    /// <exception cref="PayloadLimitException">
    /// The result of a transaction with a key exceeds <see cref="PayloadLimitException.MaxCharacters"/>. It is rolled back.
    /// </exception>
    /// <exception cref="CancelledRunException">Somebody has cancelled the task run that stands for a transaction with a key.</exception>
    /// <exception cref="OperationCanceledException">The flow run is being cancelled.</exception>
    public Task TransactionAsync(Func<FlowTransaction, Task> body, TransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TransactionAsync(
            async transaction =>
            {
                await body(transaction);
                return true;
            },
            options
        );
    }

    /// <inheritdoc cref="TransactionAsync(Func{FlowTransaction, Task}, TransactionOptions)"/>
    /// <typeparam name="T">What the part of the flow returns.</typeparam>
    public Task<T> TransactionAsync<T>(Func<FlowTransaction, Task<T>> body, TransactionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        var transaction = options is null
            ? new FlowTransaction(_engine, _transactions.Current).RunAsync(_transactions, body)
            : RunKeyedAsync(body, options.Checked(nameof(options)), _transactions.Current);
        _calls.Hold(transaction);
        return transaction;
    }

    /// <summary>Runs a transaction unless one of its key has committed. A task run stands for it, whose cache key is the key.</summary>
    private async Task<T> RunKeyedAsync<T>(Func<FlowTransaction, Task<T>> body, TransactionOptions options, FlowTransaction? outer)
    {
        if (outer?.Holds(options.Key) == true)
        {
            throw new InvalidOperationException($"A transaction around this one has its key, '{options.Key}'.");
        }

        var begun = await _engine.Transactions.BeginAsync(_calls.Transaction(options));
        return begun is { StateId: { } stateId }
            ? await new FlowTransaction(_engine, outer, new KeyedTransaction(options, begun.TaskRunId, stateId)).RunAsync(
                _transactions,
                body
            )
            : await new TaskFuture<T>(Called.Transaction(options.Key), CallOutcomes.Of(Task.FromResult(begun.Outcome!)), index: 0, _steps);
    }
}
