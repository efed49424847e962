using System.Text.Json;
using Serverless.Core.Json;

namespace Serverless.Server.Schedules;

/// <summary>Times at equal distances from an anchor, before and after it.</summary>
public sealed record IntervalSchedule : Schedule
{
    /// <summary>The name of this kind in locations of errors.</summary>
    internal const string Kind = nameof(IntervalSchedule);

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The day from which a rule without DTSTART counts, too.</summary>
    private static readonly DateTime FirstMidnight = new(2020, 1, 1);

    private IntervalSchedule(TimeSpan interval, DateTimeOffset anchor)
    {
        Interval = interval;
        AnchorDate = anchor.ToUniversalTime();
    }

    /// <summary>The interval. One of a day or more follows the zone's clock; a shorter one is elapsed time.</summary>
    public TimeSpan Interval { get; }

    /// <summary>One of the times (UTC).</summary>
    public DateTimeOffset AnchorDate { get; }

    /// <summary>Makes a schedule.</summary>
    /// <param name="interval">The distance, above zero.</param>
    /// <param name="anchor">One of the times.</param>
    /// <param name="timeZone">The IANA name of the zone; null for UTC.</param>
    /// <exception cref="ScheduleException">The interval is not positive, or there is no such zone.</exception>
    public static IntervalSchedule Create(TimeSpan interval, DateTimeOffset anchor, string? timeZone = null) =>
        interval > TimeSpan.Zero
            ? Create(interval, anchor, timeZone, FindZone(Kind, timeZone))
            : throw new ScheduleException([ScheduleErrors.Value([Kind, "interval"], "interval must be positive")]);

    /// <summary>Makes a schedule with a time at midnight of 2020-01-01 on the zone's clock.</summary>
    /// <param name="interval">The distance, above zero.</param>
    /// <param name="timeZone">The IANA name of the zone; null for UTC.</param>
    /// <exception cref="ScheduleException">The interval is not positive, or there is no such zone.</exception>
    public static IntervalSchedule FromMidnight(TimeSpan interval, string? timeZone = null)
    {
        var zone = FindZone(Kind, timeZone);
        return Create(interval, zone.At(zone.Instant(FirstMidnight, Gap.Later).Utc), timeZone);
    }

    /// <summary>Makes a schedule of a positive interval in a zone that is known.</summary>
    internal static IntervalSchedule Create(TimeSpan interval, DateTimeOffset anchor, string? timeZone, ScheduleZone zone) =>
        new(interval, anchor) { TimeZone = timeZone ?? "UTC", Zone = zone };

    /// <inheritdoc/>
    public bool Equals(IntervalSchedule? other) =>
        other is not null && Interval == other.Interval && AnchorDate == other.AnchorDate && TimeZone == other.TimeZone;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Interval, AnchorDate, TimeZone);

    /// <inheritdoc/>
    private protected override IEnumerable<DateTimeOffset> Times(DateTime from)
    {
        var anchor = DateTime.SpecifyKind(AnchorDate.UtcDateTime, DateTimeKind.Unspecified);
        if (Interval < Day)
        {
            return Steps(anchor, from).Select(Zone.At);
        }

        var wall = anchor >= ScheduleLimits.FirstWall && anchor < ScheduleLimits.LastWall ? Zone.Wall(anchor) : anchor;
        return WallTimes.Instants(Zone, Gap.Later, from, earliest => Steps(wall, earliest));
    }

    private IEnumerable<DateTime> Steps(DateTime anchor, DateTime from)
    {
        // The first step that is not before it; steps before the anchor are negative.
        var (steps, rest) = Math.DivRem(from.Ticks - anchor.Ticks, Interval.Ticks);
        var next = (Int128)anchor.Ticks + ((Int128)(rest > 0 ? steps + 1 : steps) * Interval.Ticks);
        for (; next < ScheduleLimits.LastWall.Ticks; next += Interval.Ticks)
        {
            yield return new DateTime((long)next);
        }
    }

    /// <inheritdoc/>
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("interval", Interval.TotalSeconds);
        writer.WritePropertyName("anchor_date");
        JsonSerializer.Serialize(writer, AnchorDate, WireJson.TypeInfo<DateTimeOffset>());
        writer.WriteString("timezone", TimeZone);
    }
}
