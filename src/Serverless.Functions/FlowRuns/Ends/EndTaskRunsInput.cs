namespace Serverless.Functions.FlowRuns;

/// <summary>One step of ending the task runs of a stopped run.</summary>
/// <param name="Start">The run, and the orchestration that stops it.</param>
/// <param name="After">The last task run that the steps before have looked at; null for the first step.</param>
public sealed record EndTaskRunsInput(FlowRunStart Start, Guid? After = null);
