using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>A schedule without any times. On the wire it is an empty object.</summary>
public sealed record NoSchedule : Schedule
{
    /// <inheritdoc/>
    private protected override IEnumerable<DateTimeOffset> Times(DateTime from) => [];

    /// <inheritdoc/>
    private protected override void Write(Utf8JsonWriter writer) { }
}
