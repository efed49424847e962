namespace Serverless.Server.Schedules;

/// <summary>Which days a rule allows: those that pass every one of its parts.</summary>
internal sealed class RRuleDays
{
    private readonly RRule _rule;
    private readonly int _months;
    private readonly uint _monthDays;
    private readonly uint _lastMonthDays;
    private readonly int _weekDays;
    private readonly bool _countInMonth;

    /// <summary>Prepares a rule.</summary>
    /// <param name="rule">The rule, with nothing left open.</param>
    public RRuleDays(RRule rule)
    {
        _rule = rule;
        _countInMonth = rule.Frequency == RRuleFrequency.Monthly || rule.Months.Count > 0;
        foreach (var month in rule.Months)
        {
            _months |= 1 << month;
        }

        foreach (var day in rule.MonthDays)
        {
            if (day > 0)
            {
                _monthDays |= 1u << day;
            }
            else
            {
                _lastMonthDays |= 1u << -day;
            }
        }

        foreach (var (day, nth) in rule.Days)
        {
            // Below months the number says nothing.
            _weekDays |= nth == 0 || rule.Frequency > RRuleFrequency.Monthly ? 1 << day : 0;
        }
    }

    /// <summary>Whether the rule allows a day.</summary>
    /// <param name="date">The day.</param>
    public bool Allow(DateTime date) =>
        (_months == 0 || (_months & (1 << date.Month)) != 0)
        && (_rule.Days.Count == 0 || IsDay(date))
        && (_rule.MonthDays.Count == 0 || IsMonthDay(date))
        && (_rule.YearDays.Count == 0 || IsYearDay(date))
        && (_rule.Weeks.Count == 0 || IsWeek(date));

    private bool IsDay(DateTime date)
    {
        var day = RRule.DayOfWeek(date);
        if ((_weekDays & (1 << day)) != 0)
        {
            return true;
        }

        if (_rule.Frequency > RRuleFrequency.Monthly)
        {
            return false;
        }

        var (index, length) = _countInMonth
            ? (date.Day - 1, DateTime.DaysInMonth(date.Year, date.Month))
            : (date.DayOfYear - 1, DaysInYear(date.Year));
        var nth = (index / 7) + 1;
        var nthFromEnd = -((length - 1 - index) / 7) - 1;
        foreach (var one in _rule.Days)
        {
            if (one.Day == day && (one.Nth == nth || one.Nth == nthFromEnd))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMonthDay(DateTime date) =>
        (_monthDays & (1u << date.Day)) != 0
        || (_lastMonthDays != 0 && (_lastMonthDays & (1u << (DateTime.DaysInMonth(date.Year, date.Month) - date.Day + 1))) != 0);

    private bool IsYearDay(DateTime date) =>
        _rule.YearDays.Contains(date.DayOfYear) || _rule.YearDays.Contains(date.DayOfYear - DaysInYear(date.Year) - 1);

    // A week belongs to the year in which it has four days or more, that is, its fourth day.
    private bool IsWeek(DateTime date)
    {
        var fourth = Fourth(date);
        var week = Week(fourth);
        return _rule.Weeks.Contains(week) || _rule.Weeks.Contains(week - Week(Fourth(new DateTime(fourth.Year, 12, 28))) - 1);
    }

    private DateTime Fourth(DateTime date) => date.AddDays(3 - ((RRule.DayOfWeek(date) - _rule.WeekStart + 7) % 7));

    private static int Week(DateTime fourth) => ((fourth.DayOfYear - 1) / 7) + 1;

    private static int DaysInYear(int year) => DateTime.IsLeapYear(year) ? 366 : 365;
}
