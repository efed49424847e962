using System.Text.Json;

namespace Serverless.Server.Schedules;

/// <summary>The words of errors.</summary>
internal static class ScheduleErrors
{
    /// <summary>How much of an expression a message repeats.</summary>
    private const int LongestEcho = 100;

    public static ScheduleError Zone(IReadOnlyList<string> location, string name, JsonElement? input = null) =>
        Value(location, $"Invalid timezone: \"{Short(name)}\" (specify in IANA tzdata format, for example, America/New_York)", input);

    public static ScheduleError Text(
        IReadOnlyList<string> location,
        string what,
        string text,
        ScheduleTextException wrong,
        JsonElement? input = null
    ) =>
        Value(location, $"Invalid {what} string: \"{Short(text)}\": {wrong.Message}, at position {wrong.Position}", input) with
        {
            Position = wrong.Position,
        };

    public static ScheduleError Value(IReadOnlyList<string> location, string message, JsonElement? input = null) =>
        new("value_error", location, $"Value error, {message}", input);

    private static string Short(string text) => text.Length <= LongestEcho ? text : $"{text[..LongestEcho]}...";
}
