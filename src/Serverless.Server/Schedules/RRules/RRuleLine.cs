namespace Serverless.Server.Schedules;

/// <summary>One line of recurrence rules: <c>EXDATE;TZID=Europe/Berlin:20250101T000000</c>.</summary>
/// <param name="Name">What it is, in upper case. A line that says nothing of it is an RRULE.</param>
/// <param name="HasZone">Whether it names a zone.</param>
/// <param name="Value">What follows the colon, in upper case.</param>
/// <param name="ValuePosition">Where the value begins, from 1 on.</param>
internal sealed record RRuleLine(string Name, bool HasZone, string Value, int ValuePosition)
{
    /// <summary>Reads a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="position">Where it begins, from 1 on.</param>
    /// <exception cref="ScheduleTextException">It is none.</exception>
    public static RRuleLine Parse(string text, int position)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return new RRuleLine("RRULE", false, text.ToUpperInvariant(), position);
        }

        var parameters = text[..colon].Split(';');
        var name = parameters[0].ToUpperInvariant();
        if (name is not ("DTSTART" or "RRULE" or "RDATE" or "EXRULE" or "EXDATE"))
        {
            throw new ScheduleTextException($"there is no line '{parameters[0]}'", position);
        }

        var hasZone = false;
        var at = position + parameters[0].Length + 1;
        foreach (var parameter in parameters.Skip(1))
        {
            hasZone |= Check(name, parameter, at);
            at += parameter.Length + 1;
        }

        return new RRuleLine(name, hasZone, text[(colon + 1)..].ToUpperInvariant(), position + colon + 1);
    }

    /// <summary>The dates of the line.</summary>
    /// <exception cref="ScheduleTextException">They are none.</exception>
    public List<DateTime> Dates()
    {
        List<DateTime> dates = [];
        var at = ValuePosition;
        foreach (var date in Value.Split(','))
        {
            dates.Add(RRuleDates.Parse(date, at));
            at += date.Length + 1;
        }

        return dates;
    }

    // Which lines take which parameters is dateutil's choice.
    private static bool Check(string name, string parameter, int at)
    {
        var upper = parameter.ToUpperInvariant();
        if (name is "DTSTART" or "EXDATE" && upper.StartsWith("TZID=", StringComparison.Ordinal))
        {
            return ScheduleZone.TryFind(parameter["TZID=".Length..], out _)
                ? true
                : throw new ScheduleTextException($"there is no time zone '{parameter["TZID=".Length..]}'", at);
        }

        var isDate = upper == "VALUE=DATE-TIME" ? !name.EndsWith("RULE", StringComparison.Ordinal) : upper == "VALUE=DATE";
        return isDate && (upper == "VALUE=DATE-TIME" || name is "DTSTART" or "EXDATE")
            ? false
            : throw new ScheduleTextException($"{name} takes no '{parameter}'", at);
    }
}
