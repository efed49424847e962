using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Services;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs.Writing;
using Serverless.Server.Services;

namespace Serverless.Functions.Concurrency;

/// <summary>Releases the slots of concurrency limits that no run holds, and removes the locks of cache keys that none needs.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="slots">The slots that are taken.</param>
/// <param name="locks">The locks of cache keys.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepSlots(ServiceRuns services, SlotSweep slots, TaskLocks locks, ILogger<SweepSlots> logger)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepSlots))]
    public Task RunAsync([TimerTrigger("%SlotSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(nameof(SweepSlots), timer, SweepAsync, cancellationToken);

    private async Task<ServiceOutcome> SweepAsync(CancellationToken cancellationToken)
    {
        await locks.SweepAsync(cancellationToken);
        var freed = await slots.RunAsync(cancellationToken);
        if (freed > 0)
        {
            LogFreed(logger, freed);
        }

        return ServiceOutcome.Of(freed, "released", "slots");
    }

    [LoggerMessage(LogLevel.Warning, "Released {Count} slots of concurrency limits that no run held any more.")]
    private static partial void LogFreed(ILogger logger, int count);
}
