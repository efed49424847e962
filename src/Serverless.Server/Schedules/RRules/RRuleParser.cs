using System.Text.RegularExpressions;

namespace Serverless.Server.Schedules;

/// <summary>
/// Reads recurrence rules as dateutil does: a rule, or lines of DTSTART, RRULE, RDATE, EXRULE and EXDATE. All times are read on the
/// schedule's clock, whatever zone they name: Prefect takes them so.
/// </summary>
internal static partial class RRuleParser
{
    /// <summary>DTSTART of rules that have none.</summary>
    private static readonly DateTime DefaultStart = new(2020, 1, 1);

    /// <summary>Reads rules.</summary>
    /// <param name="text">The rules.</param>
    /// <exception cref="ScheduleTextException">They mean nothing.</exception>
    public static RRuleSet Parse(string text)
    {
        if (text.Length > ScheduleLimits.LongestRRule)
        {
            throw new ScheduleTextException(
                $"max length is {ScheduleLimits.LongestRRule}, got {text.Length}",
                ScheduleLimits.LongestRRule + 1
            );
        }

        List<RRuleLine> lines = [.. Word().Matches(text).Select(word => RRuleLine.Parse(word.Value, word.Index + 1))];
        var (start, hasZone) = (DefaultStart, false);
        foreach (var line in lines.Where(line => line.Name == "DTSTART"))
        {
            (start, hasZone) = Start(line);
        }

        RRuleSet set = new(Rules("RRULE"), Dates("RDATE"), Rules("EXRULE"), Dates("EXDATE"));
        return set.Rules.Count + set.Dates.Count + set.ExceptRules.Count + set.ExceptDates.Count > 0
            ? set
            : throw new ScheduleTextException("there is no RRULE and no RDATE", 1);

        List<RRuleTimes> Rules(string name) => [.. lines.Where(line => line.Name == name).Select(line => Rule(line, start, hasZone))];

        List<DateTime> Dates(string name) => [.. lines.Where(line => line.Name == name).SelectMany(line => line.Dates()).Order()];
    }

    private static (DateTime Start, bool HasZone) Start(RRuleLine line) =>
        line.Dates() is [var start]
            ? (start, line.HasZone || line.Value.EndsWith('Z'))
            : throw new ScheduleTextException("DTSTART is one date", line.ValuePosition);

    private static RRuleTimes Rule(RRuleLine line, DateTime start, bool hasZone)
    {
        var rule = RRulePartParser.Parse(line.Value, line.ValuePosition, hasZone);
        var (values, first, size, name) = rule.Frequency switch
        {
            RRuleFrequency.Hourly => (rule.Hours, start.Hour, 24, "BYHOUR"),
            RRuleFrequency.Minutely => (rule.Minutes, start.Minute, 60, "BYMINUTE"),
            RRuleFrequency.Secondly => (rule.Seconds, start.Second, 60, "BYSECOND"),
            _ => ([], 0, 1, ""),
        };
        var common = Divisor(rule.Interval, size);
        return values.Count == 0 || values.Any(value => (value - first) % common == 0)
            ? new RRuleTimes(rule, start)
            : throw new ScheduleTextException(
                $"with INTERVAL={rule.Interval} from DTSTART on, no value of {name} is ever met",
                line.ValuePosition
            );
    }

    private static int Divisor(int one, int other) => other == 0 ? one : Divisor(other, one % other);

    [GeneratedRegex(@"\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
