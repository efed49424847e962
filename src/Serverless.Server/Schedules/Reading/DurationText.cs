using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Server.Schedules;

/// <summary>Durations in the forms that pydantic reads: <c>PT1H30M</c>, <c>01:30:00</c>, <c>1 day, 01:30</c>.</summary>
internal static partial class DurationText
{
    /// <summary>Reads seconds, to the microsecond; null if they are too many.</summary>
    public static TimeSpan? FromSeconds(double seconds)
    {
        // A century of centuries; what is longer has no second time.
        var most = TimeSpan.FromDays(3_652_500);
        return Math.Abs(seconds) <= most.TotalSeconds ? TimeSpan.FromMicroseconds(Math.Round(seconds * 1_000_000)) : null;
    }

    /// <summary>Reads a text; null if it is no duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Iso().Match(text);
        if (!match.Success)
        {
            match = Plain().Match(text);
        }

        if (!match.Success)
        {
            return null;
        }

        // A year has 365 days, and a month 30.
        var seconds =
            (Part("years") * 365 * 86_400)
            + (Part("months") * 30 * 86_400)
            + (Part("weeks") * 7 * 86_400)
            + (Part("days") * 86_400)
            + (Part("hours") * 3_600)
            + (Part("minutes") * 60)
            + Part("seconds");
        return FromSeconds(match.Groups["sign"].Value == "-" ? -seconds : seconds);

        double Part(string name) =>
            match.Groups[name] is { Success: true } group ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        "^(?<sign>[+-]?)P(?=.)((?<years>[0-9]+)Y)?((?<months>[0-9]+)M)?((?<weeks>[0-9]+)W)?((?<days>[0-9]+)D)?"
            + @"(T(?=.)((?<hours>[0-9]+)H)?((?<minutes>[0-9]+)M)?((?<seconds>[0-9]+(\.[0-9]+)?)S)?)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Iso();

    [GeneratedRegex(
        "^(?<sign>[+-]?)(?=.)((?<days>[0-9]+) ?d(ays?)?(,? (?=[0-9]))?)?"
            + @"((?<hours>[0-9]+):(?<minutes>[0-5]?[0-9])(:(?<seconds>[0-5]?[0-9](\.[0-9]+)?))?)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Plain();
}
