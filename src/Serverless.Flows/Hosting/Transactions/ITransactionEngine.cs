namespace Serverless.Flows.Hosting;

/// <summary>What carries out the ends of transactions; a part of <see cref="IFlowEngine"/>, and as deterministic.</summary>
public interface ITransactionEngine
{
    /// <summary>
    /// Completes when a stopped run does not wait for its calls any more: those that are still open are left behind. Never completes for a
    /// run that is not stopped.
    /// </summary>
    Task GraceOver { get; }

    /// <summary>Has a stopped run wait for a transaction to end, as long as it waits for its calls, and once more as long.</summary>
    /// <param name="transaction">Completes when the transaction has ended.</param>
    void HoldOpen(Task transaction);

    /// <summary>Begins a transaction with a key, once it is its turn.</summary>
    /// <param name="call">The transaction.</param>
    /// <returns>The transaction, or why its code is not run.</returns>
    /// <exception cref="OperationCanceledException">The run is stopped.</exception>
    Task<TransactionBeginning> BeginAsync(TransactionCall call);

    /// <summary>Ends a transaction with a key, also when the run is stopped.</summary>
    /// <param name="end">How it ends.</param>
    Task EndAsync(TransactionEnd end);

    /// <summary>Calls the hooks of a task run, also when the run is stopped.</summary>
    /// <param name="call">What is called.</param>
    /// <returns>False when a hook failed.</returns>
    Task<bool> CallHooksAsync(TransactionHooks call);

    /// <summary>Gives completed task runs the state RolledBack, also when the run is stopped. Their results are deleted.</summary>
    /// <param name="taskRunIds">The task runs, no more than a hundred.</param>
    Task MarkRolledBackAsync(IReadOnlyList<Guid> taskRunIds);
}
