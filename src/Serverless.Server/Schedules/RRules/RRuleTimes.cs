namespace Serverless.Server.Schedules;

/// <summary>
/// The times of one rule on a clock that is never changed. A rule is a sequence of periods (its FREQ and INTERVAL); in each, the days
/// and times of day that pass all parts count, or those of them that BYSETPOS picks.
/// </summary>
internal sealed class RRuleTimes
{
    private readonly DateTime _start;
    private readonly RRule _rule;
    private readonly RRuleDays _days;
    private readonly RRuleClock _clock;

    /// <summary>Prepares a rule.</summary>
    /// <param name="rule">The rule as it is written.</param>
    /// <param name="start">DTSTART.</param>
    public RRuleTimes(RRule rule, DateTime start)
    {
        _start = start;
        _rule = rule.StartingAt(start);
        _days = new RRuleDays(_rule);
        _clock = new RRuleClock(_rule);
    }

    /// <summary>The times at or after one of them, in order.</summary>
    /// <param name="from">The earliest.</param>
    public IEnumerable<DateTime> Walls(DateTime from)
    {
        // The first ones have to be counted from the start.
        var seek = _rule.Count is null && from > _start ? from : _start;
        var left = _rule.Count ?? int.MaxValue;
        foreach (var time in _rule.Frequency < RRuleFrequency.Hourly ? OfDays(seek) : OfClock(seek))
        {
            if (left == 0 || time > _rule.Until)
            {
                yield break;
            }

            if (time < _start)
            {
                continue;
            }

            left -= _rule.Count is null ? 0 : 1;
            if (time >= from)
            {
                yield return time;
            }
        }
    }

    /// <summary>For periods of a day or more.</summary>
    private IEnumerable<DateTime> OfDays(DateTime seek)
    {
        var last = seek;
        List<DateTime> days = [];
        for (var index = First(seek); Period(index) is { } period; index++)
        {
            if (period.First > ScheduleLimits.AfterSilence(last))
            {
                yield break;
            }

            days.Clear();
            for (var day = period.First; day <= period.Last; day = day.AddDays(1))
            {
                if ((_rule.SetPositions.Count > 0 || day >= seek.Date) && _days.Allow(day))
                {
                    days.Add(day);
                }
            }

            foreach (var time in _clock.Times(days))
            {
                last = time;
                yield return time;
            }
        }
    }

    private long First(DateTime seek) =>
        _rule.Frequency switch
        {
            RRuleFrequency.Yearly => seek.Year - _start.Year,
            RRuleFrequency.Monthly => ((seek.Year - _start.Year) * 12) + seek.Month - _start.Month,
            RRuleFrequency.Weekly => (seek.Date - WeekOfStart).Days / 7,
            _ => (seek.Date - _start.Date).Days,
        } / _rule.Interval;

    private DateTime WeekOfStart => _start.Date.AddDays(-((RRule.DayOfWeek(_start) - _rule.WeekStart + 7) % 7));

    private (DateTime First, DateTime Last)? Period(long index)
    {
        var units = index * _rule.Interval;
        switch (_rule.Frequency)
        {
            case RRuleFrequency.Yearly:
                var year = _start.Year + units;
                return year > ScheduleLimits.LastYear ? null : (new DateTime((int)year, 1, 1), new DateTime((int)year, 12, 31));
            case RRuleFrequency.Monthly:
                var month = (_start.Year * 12) + _start.Month - 1 + units;
                if (month / 12 > ScheduleLimits.LastYear)
                {
                    return null;
                }

                DateTime first = new((int)(month / 12), (int)(month % 12) + 1, 1);
                return (first, first.AddMonths(1).AddDays(-1));
            default:
                var length = _rule.Frequency == RRuleFrequency.Weekly ? 7 : 1;
                var begin = _rule.Frequency == RRuleFrequency.Weekly ? WeekOfStart : _start.Date;
                if (units * length > (ScheduleLimits.LastWall - begin).Days)
                {
                    return null;
                }

                var from = begin.AddDays(units * length);
                return (from < _start.Date ? _start.Date : from, from.AddDays(length - 1));
        }
    }

    /// <summary>For periods of an hour or less: whatever no time can lie in is jumped over.</summary>
    private IEnumerable<DateTime> OfClock(DateTime seek)
    {
        var unit = _clock.Period;
        var origin = _start.Ticks - (_start.Ticks % unit);
        var step = unit * _rule.Interval;
        var last = seek;
        var looks = 0;
        var next = Tick(seek.Ticks - (seek.Ticks % unit));
        while (next <= ScheduleLimits.AfterSilence(last).Ticks && looks++ < ScheduleLimits.MostLooks)
        {
            DateTime period = new(next);
            if (!_days.Allow(period.Date))
            {
                next = Tick(period.Date.Ticks + TimeSpan.TicksPerDay);
            }
            else if (_clock.Refusal(period) is { } end)
            {
                next = Tick(end);
            }
            else
            {
                foreach (var time in _clock.Times([period]))
                {
                    (last, looks) = (time, 0);
                    yield return time;
                }

                next += step;
            }
        }

        long Tick(long least) => least <= origin ? origin : origin + ((least - origin + step - 1) / step * step);
    }
}
