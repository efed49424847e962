using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless.Core.Json;
using Serverless.Core.States;

namespace Serverless.Web.Shared;

/// <summary>How values look: states, durations, numbers, JSON.</summary>
public static class Looks
{
    /// <summary>The kind of look of a state: its type, but for the names that mean something else to an operator.</summary>
    public static string Kind(StateType? type, string? name = null) =>
        (type, name) switch
        {
            (null, _) => "none",
            (StateType.Scheduled, StateNames.Late) => "late",
            (StateType.Scheduled, StateNames.AwaitingRetry) => "retry",
            ({ } known, _) => known.ToString().ToLowerInvariant(),
        };

    /// <summary>The state's name in words: <c>AwaitingRetry</c> is "Awaiting retry".</summary>
    public static string Words(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "No state";
        }

        StringBuilder words = new(name.Length + 4);
        for (var at = 0; at < name.Length; at++)
        {
            var isNew = at > 0 && char.IsUpper(name[at]) && char.IsLower(name[at - 1]);
            words.Append(isNew ? " " : "").Append(isNew ? char.ToLowerInvariant(name[at]) : name[at]);
        }

        return words.ToString();
    }

    /// <summary>A duration in two units at most: "1 h 12 min", "3.4 s", "240 ms".</summary>
    public static string Duration(TimeSpan span)
    {
        var seconds = Math.Abs(span.TotalSeconds);
        return seconds switch
        {
            0 => "0 s",
            < 0.0005 => "< 1 ms",
            < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
            < 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s"),
            < 59.5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
            < 3599.5 => Two(seconds, 60, "min", "s"),
            < 86400 => Two(seconds / 60, 60, "h", "min"),
            _ => Two(seconds / 3600, 24, "d", "h"),
        };
    }

    /// <summary>A duration in seconds.</summary>
    public static string Duration(double seconds) => Duration(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)));

    /// <summary>A number with thin groups of three.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"1 run", "2 runs".</summary>
    public static string Count(long number, string one) => $"{Number(number)} {one}{(number == 1 ? "" : "s")}";

    /// <summary>A size: "340 bytes", "1.2 MB".</summary>
    public static string Bytes(long bytes)
    {
        ReadOnlySpan<string> units = ["kB", "MB", "GB", "TB"];
        var size = bytes / 1000.0;
        var unit = 0;
        while (size >= 999.5 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return bytes < 1000
            ? Count(bytes, "byte")
            : string.Create(CultureInfo.InvariantCulture, $"{(size < 10 ? Math.Round(size, 1) : Math.Round(size)):0.#} {units[unit]}");
    }

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A time as attributes of <c>time</c> have it.</summary>
    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>JSON on several lines.</summary>
    public static string Json(JsonElement value)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, new JsonWriterOptions { Indented = true, Encoder = WireJson.Encoder }))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    /// <summary>The first characters of a text that is longer; half a character is not left over.</summary>
    public static string Cut(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= most ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)}…";
    }

    private static string Two(double small, int size, string large, string unit)
    {
        var all = (long)Math.Round(small);
        var rest = all % size;
        var first = string.Create(CultureInfo.InvariantCulture, $"{all / size} {large}");
        return rest == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} {rest} {unit}");
    }
}
