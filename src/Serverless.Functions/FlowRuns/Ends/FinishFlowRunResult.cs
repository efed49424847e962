using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Answer of <see cref="FinishFlowRun"/>.</summary>
/// <param name="Outcome">The state that the run has now; null when it was left alone.</param>
/// <param name="RetryAt">From when on the flow body may run again (UTC), once the run is due or resumed; null when the run is
/// final.</param>
public sealed record FinishFlowRunResult(CallOutcome? Outcome, DateTimeOffset? RetryAt = null);
