using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>
/// When something happens: on a cron expression, at an interval, by recurrence rules, or never. A schedule only computes times; it knows
/// no deployment and reads no clock.
/// </summary>
public abstract record Schedule
{
    /// <summary>How many times <see cref="Next"/> tells at most, as in Prefect.</summary>
    public const int MostTimes = 1000;

    /// <summary>The IANA name of the zone whose clock it goes by; null or empty for UTC.</summary>
    public string? TimeZone { get; private protected init; }

    /// <summary>The zone of that name.</summary>
    private protected ScheduleZone Zone { get; init; } = ScheduleZone.Utc;

    /// <summary>Which kind a schedule is that was read before, such as <c>CronSchedule</c>, without reading it again.</summary>
    /// <param name="body">The schedule as it is on the wire.</param>
    public static string KindOf(JsonElement body) => ScheduleReader.KindOf(body) ?? nameof(NoSchedule);

    /// <summary>Reads a schedule as it is on the wire.</summary>
    /// <param name="body">A cron, interval or recurrence-rule schedule, or an empty object for <see cref="NoSchedule"/>.</param>
    /// <param name="now">The anchor of an interval that has none.</param>
    /// <exception cref="ScheduleException">It is none.</exception>
    public static Schedule Parse(JsonElement body, DateTimeOffset now) =>
        TryParse(body, now, out var schedule, out var errors) ? schedule : throw new ScheduleException(errors);

    /// <summary>Reads a schedule as it is on the wire.</summary>
    /// <param name="body">A cron, interval or recurrence-rule schedule, or an empty object for <see cref="NoSchedule"/>.</param>
    /// <param name="now">The anchor of an interval that has none.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="errors">All that is wrong with it.</param>
    public static bool TryParse(
        JsonElement body,
        DateTimeOffset now,
        [NotNullWhen(true)] out Schedule? schedule,
        out IReadOnlyList<ScheduleError> errors
    )
    {
        List<ScheduleError> found = [];
        schedule = ScheduleReader.Read(body, now, found);
        errors = found;
        return schedule is not null;
    }

    /// <summary>
    /// The times of the schedule from a start on, in order, without duplicates, with the offset of its zone. They are computed one by one,
    /// as they are enumerated. A schedule that never matches has no times. The times do not depend on <paramref name="from"/>.
    /// </summary>
    /// <param name="from">The earliest.</param>
    public IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset from)
    {
        if (from.UtcDateTime >= ScheduleLimits.LastWall)
        {
            return [];
        }

        var utc = DateTime.SpecifyKind(from.UtcDateTime, DateTimeKind.Unspecified);
        return Times(utc < ScheduleLimits.FirstWall ? ScheduleLimits.FirstWall : utc);
    }

    /// <summary>The next times, as Prefect's <c>get_dates</c> bounds them.</summary>
    /// <param name="from">The earliest.</param>
    /// <param name="count">
    /// How many; null for one, or as many as there are until <paramref name="until"/>. Never more than <see cref="MostTimes"/>.
    /// </param>
    /// <param name="until">The latest; null for any.</param>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset from, int? count = null, DateTimeOffset? until = null) =>
        [
            .. Occurrences(from)
                .TakeWhile(time => until is null || time <= until)
                .Take(Math.Min(count ?? (until is null ? 1 : MostTimes), MostTimes)),
        ];

    /// <summary>The last time of the schedule within bounds; null for none. Looks at the end first, since there may be many.</summary>
    /// <param name="from">The earliest.</param>
    /// <param name="until">The latest.</param>
    public DateTimeOffset? LastBetween(DateTimeOffset from, DateTimeOffset until)
    {
        for (var reach = TimeSpan.FromHours(1); ; reach *= 24)
        {
            var isWhole = until - from <= reach;
            if (
                Occurrences(isWhole ? from : until - reach)
                    .TakeWhile(time => time <= until)
                    .Select(time => (DateTimeOffset?)time)
                    .LastOrDefault() is
                { } last
            )
            {
                return last;
            }

            if (isWhole)
            {
                return null;
            }
        }
    }

    /// <summary>The schedule as it is on the wire.</summary>
    public JsonElement ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            Write(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(stream.ToArray());
    }

    /// <summary>The times at or after an instant in UTC.</summary>
    private protected abstract IEnumerable<DateTimeOffset> Times(DateTime from);

    /// <summary>Writes the members.</summary>
    private protected abstract void Write(Utf8JsonWriter writer);

    /// <summary>Finds the zone of a schedule that code makes.</summary>
    /// <exception cref="ScheduleException">There is none of that name.</exception>
    private protected static ScheduleZone FindZone(string kind, string? name) =>
        ScheduleZone.TryFind(name, out var zone) ? zone : throw new ScheduleException([ScheduleErrors.Zone([kind, "timezone"], name!)]);
}
