namespace Serverless.Functions.TaskRuns;

/// <summary>Input of <see cref="TaskRunActivity"/>: one attempt of one task run.</summary>
/// <param name="Settings">What the call shares.</param>
/// <param name="Item">What is the run's own.</param>
public sealed record TaskAttemptInput(TaskRunSettings Settings, TaskRunItem Item);
