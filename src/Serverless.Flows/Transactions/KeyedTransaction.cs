using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>What an open transaction has that has a key.</summary>
/// <param name="Options">The key, and how it is kept.</param>
/// <param name="TaskRunId">The task run that stands for the transaction.</param>
/// <param name="StateId">Its state since the transaction began.</param>
internal sealed record KeyedTransaction(TransactionOptions Options, Guid TaskRunId, Guid StateId)
{
    /// <summary>What the code of the transaction returned; null until it has.</summary>
    internal string? ResultJson { get; set; }

    internal TransactionEnd Committed => RolledBack with { ResultJson = ResultJson, Expiration = Options.Expiration };

    internal TransactionEnd RolledBack => new(TaskRunId, StateId, Options.TaskKey);
}
