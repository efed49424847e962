using System.Globalization;
using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

/// <summary>Short ways to say times in tests.</summary>
internal static class Times
{
    /// <summary>An instant, in UTC where it says no offset.</summary>
    public static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The next times as a zone's clock shows them, with the offset: <c>03-10 09:00 -04</c>.</summary>
    public static string[] Local(this Schedule schedule, string from, int count) =>
        [.. schedule.Occurrences(At(from)).Take(count).Select(time => time.ToString("MM-dd HH:mm zz", CultureInfo.InvariantCulture))];

    /// <summary>The next times in UTC: <c>2025-01-01T00:00:00</c>.</summary>
    public static string[] Utc(this Schedule schedule, string from, int count) =>
        [.. schedule.Occurrences(At(from)).Take(count).Select(time => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture))];
}
