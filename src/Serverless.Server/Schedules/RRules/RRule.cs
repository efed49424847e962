namespace Serverless.Server.Schedules;

/// <summary>
/// One RRULE or EXRULE of RFC 5545 as it is written. Lists that are not given are empty. Days of the week count from Monday, 0.
/// </summary>
internal sealed record RRule
{
    /// <summary>FREQ.</summary>
    public RRuleFrequency Frequency { get; set; }

    /// <summary>INTERVAL.</summary>
    public int Interval { get; set; } = 1;

    /// <summary>COUNT.</summary>
    public int? Count { get; set; }

    /// <summary>UNTIL: a time on the schedule's clock.</summary>
    public DateTime? Until { get; set; }

    /// <summary>WKST.</summary>
    public int WeekStart { get; set; }

    /// <summary>BYSETPOS: negative ones count from the end.</summary>
    public IReadOnlyList<int> SetPositions { get; set; } = [];

    /// <summary>BYMONTH.</summary>
    public IReadOnlyList<int> Months { get; set; } = [];

    /// <summary>BYMONTHDAY: negative ones count from the end.</summary>
    public IReadOnlyList<int> MonthDays { get; set; } = [];

    /// <summary>BYYEARDAY: negative ones count from the end.</summary>
    public IReadOnlyList<int> YearDays { get; set; } = [];

    /// <summary>BYWEEKNO: negative ones count from the end.</summary>
    public IReadOnlyList<int> Weeks { get; set; } = [];

    /// <summary>BYDAY: a day of the week, and which one of the month or year; 0 for each.</summary>
    public IReadOnlyList<(int Day, int Nth)> Days { get; set; } = [];

    /// <summary>BYHOUR.</summary>
    public IReadOnlyList<int> Hours { get; set; } = [];

    /// <summary>BYMINUTE.</summary>
    public IReadOnlyList<int> Minutes { get; set; } = [];

    /// <summary>BYSECOND.</summary>
    public IReadOnlyList<int> Seconds { get; set; } = [];

    /// <summary>The rule with what it leaves open taken from its first time.</summary>
    /// <param name="start">DTSTART.</param>
    public RRule StartingAt(DateTime start)
    {
        var anyDay = Weeks.Count + YearDays.Count + MonthDays.Count + Days.Count == 0;
        return this with
        {
            Months = anyDay && Frequency == RRuleFrequency.Yearly && Months.Count == 0 ? [start.Month] : Months,
            MonthDays = anyDay && Frequency <= RRuleFrequency.Monthly ? [start.Day] : MonthDays,
            Days = anyDay && Frequency == RRuleFrequency.Weekly ? [(DayOfWeek(start), 0)] : Days,
            Hours = Hours.Count == 0 && Frequency < RRuleFrequency.Hourly ? [start.Hour] : Ordered(Hours),
            Minutes = Minutes.Count == 0 && Frequency < RRuleFrequency.Minutely ? [start.Minute] : Ordered(Minutes),
            Seconds = Seconds.Count == 0 && Frequency < RRuleFrequency.Secondly ? [start.Second] : Ordered(Seconds),
        };
    }

    /// <summary>The day of the week, from Monday, 0.</summary>
    /// <param name="date">A date.</param>
    public static int DayOfWeek(DateTime date) => ((int)date.DayOfWeek + 6) % 7;

    private static IReadOnlyList<int> Ordered(IReadOnlyList<int> values) => [.. values.Distinct().Order()];
}
