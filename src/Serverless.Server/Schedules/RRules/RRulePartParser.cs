using System.Globalization;

namespace Serverless.Server.Schedules;

/// <summary>Reads the parts of one rule: <c>FREQ=DAILY;BYHOUR=9</c>.</summary>
internal static class RRulePartParser
{
    private static readonly string[] WeekDays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

    private static readonly string[] Frequencies = [.. Enum.GetNames<RRuleFrequency>().Select(name => name.ToUpperInvariant())];

    /// <summary>Reads a rule.</summary>
    /// <param name="text">The rule, in upper case.</param>
    /// <param name="position">Where it begins, from 1 on.</param>
    /// <param name="hasZone">Whether DTSTART says a zone: then UNTIL has to, and only then.</param>
    /// <exception cref="ScheduleTextException">It means nothing.</exception>
    public static RRule Parse(string text, int position, bool hasZone)
    {
        RRule rule = new();
        var hasFrequency = false;
        var at = position;
        foreach (var part in text.Split(';'))
        {
            var equals = part.IndexOf('=');
            if (equals < 0)
            {
                throw new ScheduleTextException($"'{part}' is not of the form NAME=VALUE", at);
            }

            var (name, value) = (part[..equals], part[(equals + 1)..]);
            hasFrequency |= name == "FREQ";
            Set(rule, name, value, at, at + equals + 1, hasZone);
            at += part.Length + 1;
        }

        return hasFrequency ? rule : throw new ScheduleTextException("FREQ is missing", position);
    }

    private static void Set(RRule rule, string name, string value, int at, int valueAt, bool hasZone)
    {
        switch (name)
        {
            case "FREQ":
                var frequency = Array.IndexOf(Frequencies, value);
                rule.Frequency =
                    frequency >= 0
                        ? (RRuleFrequency)frequency
                        : throw new ScheduleTextException($"FREQ is one of {string.Join(", ", Frequencies)}, not '{value}'", valueAt);
                break;
            case "INTERVAL":
                rule.Interval = Number(value, valueAt, 1, ScheduleLimits.MostInterval);
                break;
            case "COUNT":
                rule.Count = Number(value, valueAt, 0, ScheduleLimits.MostCount);
                break;
            case "UNTIL":
                rule.Until = RRuleDates.Parse(value, valueAt);
                if (value.EndsWith('Z') != hasZone)
                {
                    throw new ScheduleTextException("UNTIL ends with Z if DTSTART has a zone, and only then", valueAt);
                }

                break;
            case "WKST":
                rule.WeekStart = WeekDay(value, valueAt);
                break;
            case "BYSETPOS":
                rule.SetPositions = Numbers(value, valueAt, -366, 366);
                break;
            case "BYMONTH":
                rule.Months = Numbers(value, valueAt, 1, 12);
                break;
            case "BYMONTHDAY":
                rule.MonthDays = Numbers(value, valueAt, -31, 31);
                break;
            case "BYYEARDAY":
                rule.YearDays = Numbers(value, valueAt, -366, 366);
                break;
            case "BYWEEKNO":
                rule.Weeks = Numbers(value, valueAt, -53, 53);
                break;
            case "BYDAY" or "BYWEEKDAY":
                rule.Days = Days(value, valueAt);
                break;
            case "BYHOUR":
                rule.Hours = Numbers(value, valueAt, 0, 23);
                break;
            case "BYMINUTE":
                rule.Minutes = Numbers(value, valueAt, 0, 59);
                break;
            case "BYSECOND":
                rule.Seconds = Numbers(value, valueAt, 0, 59);
                break;
            case "BYEASTER":
                throw new ScheduleTextException("BYEASTER is not supported: it is an extension of dateutil, not of RFC 5545", at);
            default:
                throw new ScheduleTextException($"there is no part '{name}'", at);
        }
    }

    private static List<(int Day, int Nth)> Days(string value, int position)
    {
        List<(int Day, int Nth)> days = [];
        foreach (var item in value.Split(','))
        {
            // +1MO or MO(+1), as dateutil writes it.
            var open = item.IndexOf('(');
            var (day, nth) =
                open >= 0 && item[^1] == ')' ? (item[..open], item[(open + 1)..^1])
                : item.Length > 2 ? (item[^2..], item[..^2])
                : (item, "");
            days.Add((WeekDay(day, position), nth.Length == 0 ? 0 : Signed(nth, position, -53, 53)));
            position += item.Length + 1;
        }

        return days;
    }

    private static int WeekDay(string text, int position)
    {
        var day = Array.IndexOf(WeekDays, text);
        return day >= 0 ? day : throw new ScheduleTextException($"'{text}' is not one of {string.Join(", ", WeekDays)}", position);
    }

    private static List<int> Numbers(string value, int position, int least, int most)
    {
        List<int> numbers = [];
        foreach (var item in value.Split(','))
        {
            numbers.Add(least < 0 ? Signed(item, position, least, most) : Number(item, position, least, most));
            position += item.Length + 1;
        }

        return numbers;
    }

    private static int Signed(string text, int position, int least, int most) =>
        Number(text, position, least, most) is var number && number != 0
            ? number
            : throw new ScheduleTextException("0 counts from neither end", position);

    private static int Number(string text, int position, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ScheduleTextException($"'{text}' is not a number from {least} to {most}", position);
}
