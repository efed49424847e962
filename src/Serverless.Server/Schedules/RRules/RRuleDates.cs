using System.Globalization;

namespace Serverless.Server.Schedules;

/// <summary>Reads the dates of rules.</summary>
internal static class RRuleDates
{
    private static readonly string[] Forms =
    [
        "yyyyMMdd'T'HHmmss",
        "yyyyMMdd'T'HHmmss'Z'",
        "yyyyMMdd",
        "yyyyMMdd'T'HHmm",
        "yyyyMMdd'T'HHmm'Z'",
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
    ];

    /// <summary>Reads a date with or without a time.</summary>
    /// <param name="text">In the form of RFC 5545 or 3339, in upper case.</param>
    /// <param name="position">Where it is, from 1 on.</param>
    /// <returns>The time as the clock shows it.</returns>
    /// <exception cref="ScheduleTextException">It is none.</exception>
    public static DateTime Parse(string text, int position) =>
        DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year is >= ScheduleLimits.FirstYear and <= ScheduleLimits.LastYear
            ? date
            : throw new ScheduleTextException($"'{text}' is not a date such as 20250131T093000", position);
}
