using Serverless.Flows.Hosting;

namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="PauseFlowRun"/>.</summary>
/// <param name="FlowRunId">The run that pauses itself.</param>
/// <param name="Request">What it waits for.</param>
/// <param name="Until">When it fails unless resumed (UTC).</param>
public sealed record PauseFlowRunInput(Guid FlowRunId, PauseRequest Request, DateTimeOffset Until);
