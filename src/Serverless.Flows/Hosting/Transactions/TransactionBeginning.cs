namespace Serverless.Flows.Hosting;

/// <summary>How a transaction with a key begins.</summary>
/// <param name="TaskRunId">The task run that stands for it.</param>
/// <param name="StateId">Its state while the transaction is open; null for one that is not run.</param>
/// <param name="Outcome">Why it is not run: the kept result, as a rule; null for one that is.</param>
public sealed record TransactionBeginning(Guid TaskRunId, Guid? StateId, CallOutcome? Outcome = null);
