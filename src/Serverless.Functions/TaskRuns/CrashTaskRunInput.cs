namespace Serverless.Functions.TaskRuns;

/// <summary>Input of <see cref="CrashTaskRun"/>.</summary>
/// <param name="Settings">What the task run's call shares.</param>
/// <param name="TaskRunId">The task run; it may never have been written.</param>
/// <param name="Message">What went wrong.</param>
public sealed record CrashTaskRunInput(TaskRunSettings Settings, Guid TaskRunId, string? Message);
