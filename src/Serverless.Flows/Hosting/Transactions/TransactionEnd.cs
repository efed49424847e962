namespace Serverless.Flows.Hosting;

/// <summary>How a transaction with a key ends.</summary>
/// <param name="TaskRunId">The task run that stands for it.</param>
/// <param name="StateId">Its state since the transaction began.</param>
/// <param name="Key">The key of that task run.</param>
/// <param name="ResultJson">The result to keep, as JSON; null for a transaction that is rolled back.</param>
/// <param name="Expiration">How long to keep it; null for good.</param>
public sealed record TransactionEnd(Guid TaskRunId, Guid StateId, string Key, string? ResultJson = null, TimeSpan? Expiration = null);
