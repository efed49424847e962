namespace Serverless.Functions.TaskRuns;

/// <summary>Input of <see cref="CrashTaskRun"/>.</summary>
/// <param name="FlowRunId">The flow run that the task run is part of.</param>
/// <param name="TaskRunId">The task run; it may never have been written.</param>
/// <param name="Message">What went wrong.</param>
public sealed record CrashTaskRunInput(Guid FlowRunId, Guid TaskRunId, string? Message);
