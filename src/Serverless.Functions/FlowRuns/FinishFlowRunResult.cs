using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="FinishFlowRun"/>.</summary>
/// <param name="Outcome">The state that the run has now; null when it was left alone.</param>
/// <param name="RetryAt">When the flow body is to run again (UTC); null when the run is final.</param>
public sealed record FinishFlowRunResult(CallOutcome? Outcome, DateTimeOffset? RetryAt = null);
