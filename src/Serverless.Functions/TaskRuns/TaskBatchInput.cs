namespace Serverless.Functions.TaskRuns;

/// <summary>Input of <see cref="TaskBatchOrchestrator"/>.</summary>
/// <param name="Settings">What the task runs share.</param>
/// <param name="Items">The task runs.</param>
/// <param name="Paused">True when the flow run was paused as the batch was started.</param>
public sealed record TaskBatchInput(TaskRunSettings Settings, IReadOnlyList<TaskRunItem> Items, bool Paused = false);
