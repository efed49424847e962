namespace Serverless.Server.Schedules;

/// <summary>One of the fields of a cron expression: which numbers and names it takes.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="Least">The least number.</param>
/// <param name="Most">The greatest number.</param>
/// <param name="Names">Names of the numbers, the first for <paramref name="Least"/>.</param>
internal sealed record CronField(string Name, int Least, int Most, params string[] Names)
{
    /// <summary>The day of the month.</summary>
    public static CronField Day { get; } = new("day of month", 1, 31);

    /// <summary>The day of the week; 0 is Sunday.</summary>
    public static CronField Week { get; } = new("day of week", 0, 6, "sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /// <summary>The fields in the order in which croniter has them: a sixth is the second, a seventh the year.</summary>
    public static IReadOnlyList<CronField> All { get; } =
    [
        new("minute", 0, 59),
        new("hour", 0, 23),
        Day,
        new("month", 1, 12, "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        Week,
        new("second", 0, 59),
        new("year", 1970, 2099),
    ];
}
