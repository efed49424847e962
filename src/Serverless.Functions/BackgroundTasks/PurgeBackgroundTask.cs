using Microsoft.Azure.Functions.Worker;
using Serverless.Server.Runs;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Has what is left of a deleted background task run removed again, for an orchestration of it that started after that.</summary>
/// <param name="runs">The background task runs.</param>
public sealed class PurgeBackgroundTask(BackgroundTaskRuns runs)
{
    /// <summary>The activity. The orchestration that calls it is removed too, by way of the outbox.</summary>
    [Function(nameof(PurgeBackgroundTask))]
    public Task RunAsync([ActivityTrigger] Guid taskRunId, CancellationToken cancellationToken) =>
        runs.RequestPurgeAsync(taskRunId, cancellationToken);
}
