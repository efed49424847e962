using Serverless.Core.States;
using Serverless.Flows.Calls;

namespace Serverless.Flows.Hosting;

/// <summary>A background task run as it is.</summary>
/// <param name="TaskName">The task's name.</param>
/// <param name="State">The run's state.</param>
/// <param name="ResultJson">The result of a run that has ended; null for none.</param>
public sealed record BackgroundTaskState(string TaskName, State State, string? ResultJson)
{
    /// <summary>What was called, for messages.</summary>
    internal Called Called => Called.Task(TaskName);
}
