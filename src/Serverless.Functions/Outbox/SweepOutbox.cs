using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Server.Outbox;
using Serverless.Server.Telemetry;

namespace Serverless.Functions.Outbox;

/// <summary>Dispatches what was announced in vain: the message was lost, or the host died over it.</summary>
/// <param name="dispatcher">Does it.</param>
/// <param name="outbox">The stored entries.</param>
/// <param name="time">The clock that an entry's age is taken by.</param>
/// <param name="logger">The host's log.</param>
public sealed partial class SweepOutbox(OutboxDispatcher dispatcher, OutboxStore outbox, TimeProvider time, ILogger<SweepOutbox> logger)
{
    /// <summary>Younger entries are being dispatched by their announcement.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(10);

    /// <summary>The timer trigger: bounded work for each page, resumed by the next run wherever it stops.</summary>
    [Function(nameof(SweepOutbox))]
    [FixedDelayRetry(2, "00:00:03")]
    public async Task RunAsync(
        [TimerTrigger("%OutboxSweepSchedule%")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var isFirst = true;
        await foreach (var entry in outbox.ReadAsync(now - MinimumAge, cancellationToken))
        {
            if (isFirst)
            {
                OutboxTelemetry.Swept(entry, now);
                isFirst = false;
            }

            await DispatchAsync(entry, client, cancellationToken);
        }

        if (isFirst)
        {
            OutboxTelemetry.Swept(null, now);
        }
    }

    private async Task DispatchAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await dispatcher.DispatchAsync(entry, client, cancellationToken);
        }
#pragma warning disable CA1031 // One entry that fails must not keep the ones behind it; the next sweep tries it again.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(logger, error, entry.Key);
        }
    }

    [LoggerMessage(LogLevel.Error, "Outbox entry {Key} could not be dispatched; the next sweep tries again.")]
    private static partial void LogFailed(ILogger logger, Exception error, string key);
}
