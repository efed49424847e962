namespace Serverless.Server.Schedules;

/// <summary>Rules and dates, less those that are left out.</summary>
/// <param name="Rules">RRULE.</param>
/// <param name="Dates">RDATE, in order.</param>
/// <param name="ExceptRules">EXRULE.</param>
/// <param name="ExceptDates">EXDATE, in order.</param>
internal sealed record RRuleSet(
    IReadOnlyList<RRuleTimes> Rules,
    IReadOnlyList<DateTime> Dates,
    IReadOnlyList<RRuleTimes> ExceptRules,
    IReadOnlyList<DateTime> ExceptDates
)
{
    /// <summary>The times on the clock at or after one of them, in order.</summary>
    /// <param name="from">The earliest.</param>
    public IEnumerable<DateTime> Walls(DateTime from)
    {
        using var except = Merge(ExceptRules, ExceptDates, from).GetEnumerator();
        var hasExcept = except.MoveNext();
        var inARow = 0;
        foreach (var time in Merge(Rules, Dates, from))
        {
            while (hasExcept && except.Current < time)
            {
                hasExcept = except.MoveNext();
            }

            if (!hasExcept || except.Current != time)
            {
                inARow = 0;
                yield return time;
            }
            else if (++inARow == ScheduleLimits.MostLeftOut)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<DateTime> Merge(IReadOnlyList<RRuleTimes> rules, IReadOnlyList<DateTime> dates, DateTime from)
    {
        var after = dates.Where(date => date >= from);
        return rules.Count == 0 ? after : OrderedTimes.Merge([.. rules.Select(rule => rule.Walls(from)), after]);
    }
}
