using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Services;
using Serverless.Server.Services;

namespace Serverless.Functions.Storage;

/// <summary>Deletes histories that nobody reads any more.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="purge">Finds and purges them.</param>
public sealed class SweepHistories(ServiceRuns services, HistoryPurge purge)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepHistories))]
    public Task RunAsync(
        [TimerTrigger("%StorageSweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) =>
        services.RunAsync(
            nameof(SweepHistories),
            timer,
            async token => ServiceOutcome.Of(await purge.RunAsync(client, token), "purged", "histories"),
            cancellationToken
        );
}
