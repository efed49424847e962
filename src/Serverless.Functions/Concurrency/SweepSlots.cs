using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Server.Concurrency;

namespace Serverless.Functions.Concurrency;

/// <summary>Gives back the slots of concurrency limits that nobody holds.</summary>
/// <param name="slots">The slots that are taken.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepSlots(SlotSweep slots, ILogger<SweepSlots> logger)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepSlots))]
    [FixedDelayRetry(3, "00:00:05")]
    public async Task RunAsync([TimerTrigger("%SlotSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var freed = await slots.RunAsync(cancellationToken);
        if (freed > 0)
        {
            LogFreed(logger, freed);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Released {Count} slots of concurrency limits that no run held any more.")]
    private static partial void LogFreed(ILogger logger, int count);
}
