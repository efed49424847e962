using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Serverless.Server.Schedules;

/// <summary>Reads cron expressions as croniter does.</summary>
internal static partial class CronParser
{
    private const int Minute = 0;
    private const int Hour = 1;
    private const int Day = 2;
    private const int Month = 3;
    private const int Week = 4;
    private const int Second = 5;
    private const int Year = 6;

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
        ["@daily"] = "0 0 * * *",
        ["@weekly"] = "0 0 * * 0",
        ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
    }.ToFrozenDictionary();

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="dayOr">Whether a day of the month or one of the week is enough, if the expression says both.</param>
    /// <exception cref="ScheduleTextException">It means nothing.</exception>
    public static CronExpressions Parse(string text, bool dayOr)
    {
        if (text.Length > ScheduleLimits.LongestCron)
        {
            throw new ScheduleTextException($"at most {ScheduleLimits.LongestCron} characters are taken, not {text.Length}", 1);
        }

        var lower = text.ToLowerInvariant();
        var words = Word().Matches(Aliases.GetValueOrDefault(lower.Trim(), lower));
        if (words.Count is < 5 or > 7)
        {
            throw new ScheduleTextException(
                lower.Trim().StartsWith('@')
                    ? $"there is no such name; there are {string.Join(", ", Aliases.Keys.Order(StringComparer.Ordinal))}"
                    : $"5, 6 or 7 fields are wanted, not {words.Count}",
                1
            );
        }

        CronValues[] fields =
        [
            .. words.Select((word, index) => new CronFieldParser(CronField.All[index], words.Count).Parse(word.Value, word.Index + 1)),
        ];
        TakeAllAsStar(fields, words);
        CheckNth(fields[Week], words[Week].Index + 1);
        var years = words.Count > Year && !fields[Year].IsStar ? fields[Year].Numbers : null;
        return new CronExpressions(Days(fields, dayOr).Distinct().Select(days => Expression(fields, days)), years);
    }

    // A field with all its values is a star; one of the two fields of days is only if the other has a star in it.
    private static void TakeAllAsStar(CronValues[] fields, MatchCollection words)
    {
        for (var index = 0; index < fields.Length; index++)
        {
            var other = index switch
            {
                Day => words[Week].Value,
                Week => words[Day].Value,
                _ => "*",
            };
            fields[index].IsStar |=
                fields[index].Count == CronField.All[index].Most - CronField.All[index].Least + 1 && other.Contains('*');
        }
    }

    private static void CheckNth(CronValues week, int position)
    {
        if (week.Nth.Count > 0 && week.Count != 7 && !week.Numbers.IsSubsetOf(week.Nth.Select(one => one.Day)))
        {
            throw new ScheduleTextException(
                $"{CronField.Week.Name}: days that count in their month (#, L) and others do not go together",
                position
            );
        }
    }

    private static IEnumerable<(string Day, string Week)> Days(CronValues[] fields, bool dayOr)
    {
        var days = OfMonth(fields[Day]);
        var weeks = OfWeek(fields[Week]);
        return dayOr && !fields[Day].IsStar && !fields[Week].IsStar
            ? [.. days.Select(day => (day, "*")), .. weeks.Select(week => ("*", week))]
            : days.SelectMany(day => weeks.Select(week => (day, week)));
    }

    private static List<string> OfMonth(CronValues days)
    {
        if (days.IsStar)
        {
            return ["*"];
        }

        List<string> any = days.Numbers.Count > 0 ? [List(days)] : [];
        if (days.HasLast)
        {
            any.Add("L");
        }

        return any;
    }

    private static List<string> OfWeek(CronValues week) =>
        week.Nth.Count > 0 ? [.. week.Nth.Select(one => one.Nth is { } nth ? $"{one.Day}#{nth}" : $"{one.Day}L")] : [List(week)];

    private static string Expression(CronValues[] fields, (string Day, string Week) days)
    {
        var second = fields.Length > Second ? List(fields[Second]) : "0";
        return $"{second} {List(fields[Minute])} {List(fields[Hour])} {days.Day} {List(fields[Month])} {days.Week}";
    }

    private static string List(CronValues values) => values.IsStar ? "*" : string.Join(',', values.Numbers);

    [GeneratedRegex(@"\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
