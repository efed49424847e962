namespace Serverless.Server.Schedules;

/// <summary>The times of day of a rule: those within its period, which is a whole day, an hour, a minute or a second.</summary>
internal sealed class RRuleClock
{
    private static readonly int[] Zero = [0];

    private readonly IReadOnlyList<int> _hours;
    private readonly IReadOnlyList<int> _minutes;
    private readonly IReadOnlyList<int> _seconds;
    private readonly RRule _rule;

    /// <summary>Prepares a rule.</summary>
    /// <param name="rule">The rule, with nothing left open.</param>
    public RRuleClock(RRule rule)
    {
        // What is as long as the period or longer is known by the period.
        _rule = rule;
        _hours = rule.Frequency < RRuleFrequency.Hourly ? rule.Hours : Zero;
        _minutes = rule.Frequency < RRuleFrequency.Minutely ? rule.Minutes : Zero;
        _seconds = rule.Frequency < RRuleFrequency.Secondly ? rule.Seconds : Zero;
        Period = rule.Frequency switch
        {
            RRuleFrequency.Secondly => TimeSpan.TicksPerSecond,
            RRuleFrequency.Minutely => TimeSpan.TicksPerMinute,
            RRuleFrequency.Hourly => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
    }

    /// <summary>How long the period is, a day at most.</summary>
    public long Period { get; }

    private int TimesInPeriod => _hours.Count * _minutes.Count * _seconds.Count;

    /// <summary>Where the hour, minute or second ends that the rule does not allow a period to begin in; null if it may.</summary>
    /// <param name="period">The begin of an hour, minute or second.</param>
    public long? Refusal(DateTime period)
    {
        if (Refuses(_rule.Hours, period.Hour))
        {
            return End(period, TimeSpan.TicksPerHour);
        }

        if (_rule.Frequency >= RRuleFrequency.Minutely && Refuses(_rule.Minutes, period.Minute))
        {
            return End(period, TimeSpan.TicksPerMinute);
        }

        return _rule.Frequency == RRuleFrequency.Secondly && Refuses(_rule.Seconds, period.Second)
            ? End(period, TimeSpan.TicksPerSecond)
            : null;
    }

    /// <summary>The times within some periods: all, or those that BYSETPOS picks.</summary>
    /// <param name="periods">The begin of each, in order.</param>
    public IEnumerable<DateTime> Times(IReadOnlyList<DateTime> periods)
    {
        var count = (long)periods.Count * TimesInPeriod;
        if (_rule.SetPositions.Count == 0)
        {
            for (var index = 0L; index < count; index++)
            {
                yield return Time(periods, index);
            }

            yield break;
        }

        SortedSet<long> picked = [];
        foreach (var position in _rule.SetPositions)
        {
            picked.Add(position > 0 ? position - 1 : count + position);
        }

        foreach (var index in picked)
        {
            if (index >= 0 && index < count)
            {
                yield return Time(periods, index);
            }
        }
    }

    private DateTime Time(IReadOnlyList<DateTime> periods, long index)
    {
        var (period, time) = Math.DivRem(index, TimesInPeriod);
        var (minutes, second) = Math.DivRem((int)time, _seconds.Count);
        var (hour, minute) = Math.DivRem(minutes, _minutes.Count);
        return periods[(int)period]
            .AddTicks(
                (_hours[hour] * TimeSpan.TicksPerHour)
                    + (_minutes[minute] * TimeSpan.TicksPerMinute)
                    + (_seconds[second] * TimeSpan.TicksPerSecond)
            );
    }

    private static bool Refuses(IReadOnlyList<int> allowed, int value) => allowed.Count > 0 && !allowed.Contains(value);

    private static long End(DateTime period, long unit) => period.Ticks - (period.Ticks % unit) + unit;
}
