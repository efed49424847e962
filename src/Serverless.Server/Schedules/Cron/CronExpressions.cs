using Cronos;

namespace Serverless.Server.Schedules;

/// <summary>
/// A cron expression as croniter reads it, made of expressions that Cronos reads: its times are those of any of them. Cronos has no
/// lists of <c>#</c> and <c>L</c>, no years, and always asks for both the day of the month and the day of the week.
/// </summary>
internal sealed class CronExpressions
{
    private readonly IReadOnlyList<CronExpression> _any;

    private readonly IReadOnlySet<int>? _years;

    /// <summary>Reads expressions.</summary>
    /// <param name="any">Expressions with seconds, whose times count.</param>
    /// <param name="years">The years whose times count; null for all.</param>
    public CronExpressions(IEnumerable<string> any, IReadOnlySet<int>? years)
    {
        _any = [.. any.Select(text => CronExpression.Parse(text, CronFormat.IncludeSeconds))];
        _years = years;
    }

    /// <summary>The times on the clock at or after one of them, in order.</summary>
    /// <param name="from">The earliest.</param>
    public IEnumerable<DateTime> Walls(DateTime from) => OrderedTimes.Merge([.. _any.Select(one => Walls(one, from))]);

    private IEnumerable<DateTime> Walls(CronExpression one, DateTime from)
    {
        // Cronos computes local times that ignore clock changes; the zone turns them into instants.
        var cursor = DateTime.SpecifyKind(WholeSecond(from), DateTimeKind.Utc);
        var inclusive = true;
        while (cursor.Year <= CronField.All[^1].Most && one.GetNextOccurrence(cursor, inclusive) is { } next)
        {
            (cursor, inclusive) = (next, false);
            if (_years is null || _years.Contains(next.Year))
            {
                yield return DateTime.SpecifyKind(next, DateTimeKind.Unspecified);
                continue;
            }

            var years = _years.Where(year => year > next.Year).DefaultIfEmpty(int.MaxValue);
            if (years.Min() is var year and < int.MaxValue)
            {
                (cursor, inclusive) = (new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc), true);
            }
            else
            {
                yield break;
            }
        }
    }

    private static DateTime WholeSecond(DateTime time)
    {
        var rest = time.Ticks % TimeSpan.TicksPerSecond;
        return rest == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - rest);
    }
}
