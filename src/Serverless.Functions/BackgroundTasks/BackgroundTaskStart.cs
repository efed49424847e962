using Serverless.Functions.TaskRuns;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Input of <see cref="BackgroundTaskOrchestrator"/>.</summary>
/// <param name="Settings">How the task run is run.</param>
/// <param name="Item">Its arguments.</param>
public sealed record BackgroundTaskStart(TaskRunSettings Settings, TaskRunItem Item);
