using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Services;
using Serverless.Server.Outbox;
using Serverless.Server.Services;
using Serverless.Server.Telemetry;

namespace Serverless.Functions.Outbox;

/// <summary>Dispatches what was announced in vain: the message was lost, or the host died over it.</summary>
/// <param name="services">Remembers how the run went.</param>
/// <param name="dispatcher">Does it.</param>
/// <param name="outbox">The stored entries.</param>
/// <param name="time">The clock that an entry's age is taken by.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepOutbox(
    ServiceRuns services,
    OutboxDispatcher dispatcher,
    OutboxStore outbox,
    TimeProvider time,
    ILogger<SweepOutbox> logger
)
{
    /// <summary>Younger entries are being dispatched by their announcement.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(10);

    /// <summary>The timer trigger: bounded work for each page, resumed by the next run wherever it stops.</summary>
    [Function(nameof(SweepOutbox))]
    public Task RunAsync(
        [TimerTrigger("%OutboxSweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => services.RunAsync(nameof(SweepOutbox), timer, token => SweepAsync(client, token), cancellationToken);

    private async Task<ServiceOutcome> SweepAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (dispatched, failed) = (0, 0);
        var now = time.GetUtcNow();
        var isFirst = true;
        await foreach (var entry in outbox.ReadAsync(now - MinimumAge, cancellationToken))
        {
            if (isFirst)
            {
                OutboxTelemetry.Swept(entry, now);
                isFirst = false;
            }

            if (await TryDispatchAsync(entry, client, cancellationToken))
            {
                dispatched++;
            }
            else
            {
                failed++;
            }
        }

        if (isFirst)
        {
            OutboxTelemetry.Swept(null, now);
        }

        return failed == 0
            ? ServiceOutcome.Of(dispatched, "dispatched", "entries")
            : new ServiceOutcome(dispatched + failed, $"dispatched {dispatched} entries, {failed} failed");
    }

    private async Task<bool> TryDispatchAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await dispatcher.DispatchAsync(entry, client, cancellationToken);
            return true;
        }
#pragma warning disable CA1031 // One entry that fails must not keep the ones behind it; the next sweep tries it again.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(logger, error, entry.Key);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "Outbox entry {Key} could not be dispatched; the next sweep tries again.")]
    private static partial void LogFailed(ILogger logger, Exception error, string key);
}
