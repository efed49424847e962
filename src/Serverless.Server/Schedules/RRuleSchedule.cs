using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>Times by recurrence rules of RFC 5545, with the meaning that dateutil gives them.</summary>
public sealed record RRuleSchedule : Schedule
{
    /// <summary>The name of this kind in locations of errors.</summary>
    internal const string Kind = nameof(RRuleSchedule);

    private readonly RRuleSet _set;

    private RRuleSchedule(string rrule, RRuleSet set)
    {
        RRule = rrule;
        _set = set;
    }

    /// <summary>The rules: one, or lines of DTSTART, RRULE, RDATE, EXRULE and EXDATE.</summary>
    public string RRule { get; }

    /// <summary>Makes a schedule.</summary>
    /// <param name="rrule">The rules.</param>
    /// <param name="timeZone">The IANA name of the zone; null for UTC.</param>
    /// <exception cref="ScheduleException">The rules mean nothing, or there is no such zone.</exception>
    public static RRuleSchedule Create(string rrule, string? timeZone = "UTC")
    {
        ArgumentNullException.ThrowIfNull(rrule);
        try
        {
            return Create(rrule, timeZone, FindZone(Kind, timeZone));
        }
        catch (ScheduleTextException wrong)
        {
            throw new ScheduleException([ScheduleErrors.Text([Kind, "rrule"], "RRule", rrule, wrong)]);
        }
    }

    /// <summary>Makes a schedule in a zone that is known.</summary>
    /// <exception cref="ScheduleTextException">The rules mean nothing.</exception>
    internal static RRuleSchedule Create(string rrule, string? timeZone, ScheduleZone zone) =>
        new(rrule, RRuleParser.Parse(rrule)) { TimeZone = timeZone, Zone = zone };

    /// <inheritdoc/>
    public bool Equals(RRuleSchedule? other) => other is not null && RRule == other.RRule && TimeZone == other.TimeZone;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(RRule, TimeZone);

    /// <inheritdoc/>
    private protected override IEnumerable<DateTimeOffset> Times(DateTime from) => WallTimes.Instants(Zone, Gap.Earlier, from, _set.Walls);

    /// <inheritdoc/>
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("rrule", RRule);
        writer.WriteString("timezone", TimeZone);
    }
}
