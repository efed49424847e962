using Serverless.Flows.Hosting;

namespace Serverless.Functions.Transactions;

/// <summary>Answer of <see cref="BeginTransaction"/>.</summary>
/// <param name="TaskRunId">The task run that stands for the transaction.</param>
/// <param name="StateId">Its state, when the transaction has begun.</param>
/// <param name="Outcome">How it has ended, when it is not run.</param>
/// <param name="AskAt">When to ask again (UTC), while another transaction has its turn. Without all three the flow run is paused.</param>
public sealed record BeginTransactionResult(
    Guid TaskRunId,
    Guid? StateId = null,
    CallOutcome? Outcome = null,
    DateTimeOffset? AskAt = null
);
