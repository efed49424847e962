using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Functions.Storage;

/// <summary>Finishes what processes that died left undone in the row store.</summary>
/// <param name="rows">The store.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepStorage(IRowStore rows, ILogger<SweepStorage> logger)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepStorage))]
    [FixedDelayRetry(3, "00:00:05")]
    public async Task RunAsync([TimerTrigger("%StorageSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var finished = await rows.SweepAsync(cancellationToken);
        if (finished > 0)
        {
            LogFinished(logger, finished);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Finished {Count} commits that a process had only partly applied.")]
    private static partial void LogFinished(ILogger logger, int count);
}
