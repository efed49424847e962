using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Serverless.Functions.Storage;

/// <summary>Gives back the space of histories that nobody reads any more.</summary>
/// <param name="purge">Finds and purges them.</param>
public sealed class SweepHistories(HistoryPurge purge)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepHistories))]
    [FixedDelayRetry(3, "00:00:05")]
    public async Task RunAsync(
        [TimerTrigger("%StorageSweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => await purge.RunAsync(client, cancellationToken);
}
