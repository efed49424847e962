using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Services;
using Serverless.Server.Services;
using Serverless.Storage;

namespace Serverless.Functions.Storage;

/// <summary>Finishes what processes that died left undone in the row store.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="rows">The store.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepStorage(ServiceRuns services, IRowStore rows, ILogger<SweepStorage> logger)
{
    /// <summary>The timer trigger: bounded work, which the next run continues.</summary>
    [Function(nameof(SweepStorage))]
    public Task RunAsync([TimerTrigger("%StorageSweepSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        services.RunAsync(nameof(SweepStorage), timer, SweepAsync, cancellationToken);

    private async Task<ServiceOutcome> SweepAsync(CancellationToken cancellationToken)
    {
        var finished = await rows.SweepAsync(cancellationToken);
        if (finished > 0)
        {
            LogFinished(logger, finished);
        }

        return ServiceOutcome.Of(finished, "finished", "commits");
    }

    [LoggerMessage(LogLevel.Warning, "Finished {Count} commits that a process had only partly applied.")]
    private static partial void LogFinished(ILogger logger, int count);
}
