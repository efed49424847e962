namespace Serverless.Server.Schedules;

/// <summary>What keeps the work for one time bounded.</summary>
internal static class ScheduleLimits
{
    /// <summary>How long an RRULE may be, as Prefect has it.</summary>
    public const int LongestRRule = 6500;

    /// <summary>How long a cron expression may be. Prefect has no limit.</summary>
    public const int LongestCron = 1000;

    /// <summary>The greatest COUNT. The times before those that are wanted have to be counted.</summary>
    public const int MostCount = 1_000_000;

    /// <summary>The greatest INTERVAL.</summary>
    public const int MostInterval = 100_000_000;

    /// <summary>After how many periods without a time, or jumps over several, a rule of hours or less is over.</summary>
    public const int MostLooks = 100_000;

    /// <summary>After how many times that are left out, in a row, rules are over.</summary>
    public const int MostLeftOut = 1_000_000;

    /// <summary>After how many years without a time a schedule is over.</summary>
    public const int SilentYears = 100;

    /// <summary>The first year in which a schedule has times.</summary>
    public const int FirstYear = 2;

    /// <summary>The last year in which a schedule has times.</summary>
    public const int LastYear = 9998;

    /// <summary>The earliest time.</summary>
    public static DateTime FirstWall { get; } = new(FirstYear, 1, 1);

    /// <summary>The latest time.</summary>
    public static DateTime LastWall { get; } = new(LastYear, 12, 31);

    /// <summary>When a schedule is over that is silent since a time.</summary>
    /// <param name="last">Its last time.</param>
    public static DateTime AfterSilence(DateTime last) => last.Year > LastYear - SilentYears ? LastWall : last.AddYears(SilentYears);
}
