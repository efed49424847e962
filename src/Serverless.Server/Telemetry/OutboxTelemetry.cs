using Serverless.Server.Outbox;

namespace Serverless.Server.Telemetry;

/// <summary>Tells how old outbox entries become.</summary>
public static class OutboxTelemetry
{
    /// <summary>An entry was dispatched.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="now">The time.</param>
    public static void Dispatched(OutboxEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (ServerMetrics.OutboxDelay.Enabled && OutboxRows.TimeOf(entry) is { } written)
        {
            ServerMetrics.OutboxDelay.Record(
                Math.Max((now - written).TotalSeconds, 0),
                new KeyValuePair<string, object?>(TelemetryAttributes.OutboxKind, OutboxRows.KindName(entry.Kind))
            );
        }
    }

    /// <summary>A sweep has looked for entries that nobody dispatched.</summary>
    /// <param name="oldest">The first that it found; null for none.</param>
    /// <param name="now">The time.</param>
    public static void Swept(OutboxEntry? oldest, DateTimeOffset now)
    {
        if (ServerMetrics.OutboxOldest.Enabled)
        {
            ServerMetrics.OutboxOldest.Record(
                oldest is not null && OutboxRows.TimeOf(oldest) is { } written ? Math.Max((now - written).TotalSeconds, 0) : 0
            );
        }
    }
}
