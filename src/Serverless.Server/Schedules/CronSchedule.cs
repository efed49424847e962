using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>Times by a cron expression, with the meaning that croniter gives it.</summary>
public sealed record CronSchedule : Schedule
{
    /// <summary>The name of this kind in locations of errors.</summary>
    internal const string Kind = nameof(CronSchedule);

    private readonly CronExpressions _expressions;

    private CronSchedule(string cron, bool dayOr, CronExpressions expressions)
    {
        Cron = cron;
        DayOr = dayOr;
        _expressions = expressions;
    }

    /// <summary>The expression.</summary>
    public string Cron { get; }

    /// <summary>Whether a day of the month or one of the week is enough, if the expression says both.</summary>
    public bool DayOr { get; }

    /// <summary>Makes a schedule.</summary>
    /// <param name="cron">The expression.</param>
    /// <param name="timeZone">The IANA name of the zone; null for UTC.</param>
    /// <param name="dayOr">Whether a day of the month or one of the week is enough, if the expression says both.</param>
    /// <exception cref="ScheduleException">The expression means nothing, or there is no such zone.</exception>
    public static CronSchedule Create(string cron, string? timeZone = null, bool dayOr = true)
    {
        ArgumentNullException.ThrowIfNull(cron);
        try
        {
            return Create(cron, timeZone, dayOr, FindZone(Kind, timeZone));
        }
        catch (ScheduleTextException wrong)
        {
            throw new ScheduleException([ScheduleErrors.Text([Kind, "cron"], "cron", cron, wrong)]);
        }
    }

    /// <summary>Makes a schedule in a zone that is known.</summary>
    /// <exception cref="ScheduleTextException">The expression means nothing.</exception>
    internal static CronSchedule Create(string cron, string? timeZone, bool dayOr, ScheduleZone zone) =>
        new(cron, dayOr, CronParser.Parse(cron, dayOr)) { TimeZone = timeZone, Zone = zone };

    /// <inheritdoc/>
    public bool Equals(CronSchedule? other) =>
        other is not null && Cron == other.Cron && TimeZone == other.TimeZone && DayOr == other.DayOr;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Cron, TimeZone, DayOr);

    /// <inheritdoc/>
    private protected override IEnumerable<DateTimeOffset> Times(DateTime from) =>
        WallTimes.Instants(Zone, Gap.Later, from, _expressions.Walls);

    /// <inheritdoc/>
    private protected override void Write(Utf8JsonWriter writer)
    {
        writer.WriteString("cron", Cron);
        writer.WriteString("timezone", TimeZone);
        writer.WriteBoolean("day_or", DayOr);
    }
}
