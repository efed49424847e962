namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="ResumeFlowRun"/>.</summary>
/// <param name="Start">The orchestration's own start, which makes the transition idempotent.</param>
/// <param name="PauseKey">The pause to end; null for one that came from outside.</param>
public sealed record ResumeFlowRunInput(FlowRunStart Start, string? PauseKey);
