using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="PauseFlowRun"/>.</summary>
/// <param name="Start">The orchestration that asks; the gate refuses one that was replaced.</param>
/// <param name="RunCount">The run's count in the attempt that asks: a request that comes late must not pause the next one.</param>
/// <param name="Request">What it waits for.</param>
/// <param name="Until">When the run fails unless resumed (UTC).</param>
public sealed record PauseFlowRunInput(FlowRunStart Start, int RunCount, PauseRequest Request, DateTimeOffset Until);
