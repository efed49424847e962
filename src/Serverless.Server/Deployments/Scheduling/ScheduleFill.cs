using Serverless.Core.Models;
using Serverless.Server.Schedules;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>Which times of a schedule get their runs now. Only computes; the numbers are the defaults of Prefect's scheduler.</summary>
/// <param name="Times">The times, in order.</param>
/// <param name="Cursor">How far the schedule is planned then.</param>
/// <param name="Due">When to look again; null for never: the schedule has no more times.</param>
internal sealed record ScheduleFill(IReadOnlyList<DateTimeOffset> Times, DateTimeOffset Cursor, DateTimeOffset? Due)
{
    /// <summary>How many runs are there ahead at least.</summary>
    public const int MinRuns = 3;

    /// <summary>How many runs are there ahead at most.</summary>
    public const int MaxRuns = 100;

    /// <summary>How far ahead runs are there at least.</summary>
    public static readonly TimeSpan MinAhead = TimeSpan.FromHours(1);

    /// <summary>How far ahead runs are there at most.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(100);

    /// <summary>A time that is longer past, and has not begun, was missed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The schedule is filled to twice what must be there, and looked at again when half of that is used: so most runs cost no look.
    /// </summary>
    private const int Stock = 2;

    /// <summary>Plans a schedule.</summary>
    /// <param name="schedule">The schedule, which is active.</param>
    /// <param name="plan">How far it is planned.</param>
    /// <param name="now">The time.</param>
    public static ScheduleFill Of(DeploymentSchedule schedule, SchedulePlan plan, DateTimeOffset now)
    {
        var times = Schedule.Parse(schedule.Schedule, now);
        var most = Math.Min(MaxRuns, schedule.MaxScheduledRuns ?? MaxRuns);
        List<DateTimeOffset> added = [];
        var cursor = plan.Cursor;
        var missedBefore = now - Grace;
        if (cursor < missedBefore)
        {
            added.AddRange(Missed(times, schedule.CatchUpPolicy, cursor, missedBefore));
            if (added.Count == MaxRuns)
            {
                return new ScheduleFill(added, added[^1], now);
            }

            cursor = missedBefore;
        }

        List<DateTimeOffset> ahead = cursor > now ? [.. times.Occurrences(After(now)).TakeWhile(time => time <= plan.Cursor)] : [];
        DateTimeOffset? next = null;
        foreach (var time in times.Occurrences(After(cursor)))
        {
            next = time;
            if (time > now && (time > now + MaxAhead || ahead.Count >= most || IsStocked(ahead, now)))
            {
                break;
            }

            added.Add(time);
            cursor = time;
            next = null;
            if (time > now)
            {
                ahead.Add(time);
            }
        }

        return new ScheduleFill(added, cursor, next is { } following ? DueOf(ahead, most, following, now) : null);
    }

    /// <summary>The missed times that a schedule makes up for; no more than <see cref="MaxRuns"/> at once.</summary>
    private static IEnumerable<DateTimeOffset> Missed(
        Schedule times,
        CatchUpPolicy? policy,
        DateTimeOffset cursor,
        DateTimeOffset missedBefore
    ) =>
        policy switch
        {
            CatchUpPolicy.All => times.Occurrences(After(cursor)).TakeWhile(time => time <= missedBefore).Take(MaxRuns),
            CatchUpPolicy.Latest when times.LastBetween(After(cursor), missedBefore) is { } last => [last],
            _ => [],
        };

    private static bool IsStocked(List<DateTimeOffset> ahead, DateTimeOffset now) =>
        ahead.Count >= Stock * MinRuns && ahead[^1] >= now + (Stock * MinAhead);

    /// <summary>When too few runs are left: by number, or by how far they reach unless there are many.</summary>
    private static DateTimeOffset DueOf(List<DateTimeOffset> ahead, int most, DateTimeOffset next, DateTimeOffset now)
    {
        var byNumber = WhenLeft(Math.Min(MinRuns, most) - 1);
        var byReach = ahead.Count == 0 ? now : Later(ahead[^1] - MinAhead, WhenLeft(most * 3 / 4));
        return Later(byNumber < byReach ? byNumber : byReach, next - MaxAhead);

        // The moment from which no more than so many of the runs are still ahead.
        DateTimeOffset WhenLeft(int count) => ahead.Count > count ? ahead[^(count + 1)] : now;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset After(DateTimeOffset time) => time.AddTicks(1);
}
