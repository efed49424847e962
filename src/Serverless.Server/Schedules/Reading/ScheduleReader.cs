using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>Reads schedules from JSON.</summary>
internal static class ScheduleReader
{
    // In the order of Prefect's union.
    private static readonly (string Kind, string Member)[] Kinds =
    [
        (IntervalSchedule.Kind, "interval"),
        (CronSchedule.Kind, "cron"),
        (RRuleSchedule.Kind, "rrule"),
    ];

    /// <summary>The kind that an object is meant to be; null when no member says it.</summary>
    public static string? KindOf(JsonElement body) => Array.Find(Kinds, kind => body.TryGetProperty(kind.Member, out _)).Kind;

    /// <summary>Reads a schedule.</summary>
    /// <param name="body">The schedule.</param>
    /// <param name="now">The anchor of an interval that has none.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>Null if anything is wrong.</returns>
    public static Schedule? Read(JsonElement body, DateTimeOffset now, List<ScheduleError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(
                new("model_attributes_type", [], "Input should be a valid dictionary or object to extract fields from", body.Clone())
            );
            return null;
        }

        if (!body.EnumerateObject().Any())
        {
            return new NoSchedule();
        }

        // Prefect tries all kinds, and tells what is wrong with each. The member that only one kind has says which one is meant.
        if (KindOf(body) is not { } kind)
        {
            errors.AddRange(Kinds.Select(one => new ScheduleError("missing", [one.Kind, one.Member], "Field required", body.Clone())));
            return null;
        }

        ScheduleMembers members = new(body, kind, errors);
        Schedule? schedule = kind switch
        {
            IntervalSchedule.Kind => Interval(members, now),
            CronSchedule.Kind => Cron(members),
            _ => RRule(members),
        };
        members.RefuseOthers();
        return errors.Count == 0 ? schedule : null;
    }

    private static IntervalSchedule? Interval(ScheduleMembers members, DateTimeOffset now)
    {
        var interval = members.Duration("interval");
        var anchor = members.Instant("anchor_date", now);
        var (name, zone) = members.Zone("timezone", null);
        return interval is not null && anchor is not null && zone is not null
            ? IntervalSchedule.Create(interval.Value, anchor.Value, name, zone)
            : null;
    }

    private static CronSchedule? Cron(ScheduleMembers members)
    {
        var cron = members.Text("cron");
        var (name, zone) = members.Zone("timezone", null);
        var dayOr = members.Flag("day_or", true);

        // An expression is looked at even if something else is wrong: all errors are told at once.
        return cron is null
            ? null
            : members.Expression("cron", "cron", cron, () => CronSchedule.Create(cron, name, dayOr, zone ?? ScheduleZone.Utc));
    }

    private static RRuleSchedule? RRule(ScheduleMembers members)
    {
        var rrule = members.Text("rrule");
        var (name, zone) = members.Zone("timezone", "UTC");
        return rrule is null
            ? null
            : members.Expression("rrule", "RRule", rrule, () => RRuleSchedule.Create(rrule, name, zone ?? ScheduleZone.Utc));
    }
}
