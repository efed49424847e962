using System.Globalization;

namespace Serverless.Server.Schedules;

/// <summary>Reads one field of a cron expression, with the meaning that croniter gives it.</summary>
/// <param name="spec">Which field.</param>
/// <param name="fields">How many fields the expression has: 7 is Sunday among five, and day 0 the first among six.</param>
internal sealed class CronFieldParser(CronField spec, int fields)
{
    /// <summary>Reads the field.</summary>
    /// <param name="text">The field, in lower case.</param>
    /// <param name="position">Where it begins in the expression, from 1 on.</param>
    /// <exception cref="ScheduleTextException">It means nothing.</exception>
    public CronValues Parse(string text, int position)
    {
        CronValues values = new();
        if (text == "?")
        {
            values.IsStar = spec == CronField.Day || spec == CronField.Week ? true : throw Wrong("? is for days only", position);
            return values;
        }

        foreach (var item in text.Split(','))
        {
            Add(values, item, position);
            position += item.Length + 1;
        }

        return values;
    }

    private void Add(CronValues values, string item, int position)
    {
        if (item.Length == 0)
        {
            throw Wrong("a value is missing", position);
        }

        if (item[0] is 'h' or 'r' && (item.Length == 1 || item[1] is '(' or '/'))
        {
            throw new ScheduleTextException("random and hashed values (R, H) are not supported", position);
        }

        if (item == "*")
        {
            values.IsStar = true;
        }
        else if (item == "l" && spec == CronField.Day)
        {
            values.HasLast = true;
        }
        else if (spec == CronField.Week && item[0] == 'l' && item.Length > 1 && char.IsAsciiDigit(item[1]))
        {
            Count(values, Checked(item[1..], position), null);
        }
        else if (spec == CronField.Week && item.Contains('#'))
        {
            AddNth(values, item, position);
        }
        else
        {
            values.Numbers.UnionWith(Numbers(item, position));
        }
    }

    private void AddNth(CronValues values, string item, int position)
    {
        var at = item.IndexOf('#');
        if (!TryNumber(item[(at + 1)..], out var nth) || nth is < 1 or > 5)
        {
            throw Wrong($"after # a number from 1 to 5 is wanted, not '{item[(at + 1)..]}'", position + at + 1);
        }

        // A range takes names only.
        var days = item[..at];
        if (days.Contains('-') && days.Any(char.IsAsciiDigit))
        {
            throw Wrong($"'{days}' before # is not a day or a range of names", position);
        }

        foreach (var day in days.Contains('-') ? Numbers(days, position) : [Checked(days, position)])
        {
            Count(values, day, nth);
        }
    }

    private static void Count(CronValues values, int day, int? nth)
    {
        values.Numbers.Add(day);
        values.Nth.Add((day, nth));
    }

    private List<int> Numbers(string item, int position)
    {
        var slash = item.IndexOf('/');
        var range = slash < 0 ? item : item[..slash];
        var step = 1;
        if (slash >= 0 && (!TryNumber(item[(slash + 1)..], out step) || step == 0))
        {
            throw Wrong($"'{item[(slash + 1)..]}' is not a step", position + slash + 1);
        }

        if (slash < 0 && !range.Contains('-'))
        {
            return [Checked(range, position)];
        }

        var (low, high) = Bounds(range, position);
        if (low > spec.Most || high > spec.Most)
        {
            throw Wrong($"'{range}' is not between {spec.Least} and {spec.Most}", position);
        }

        var numbers = Range(low, high, step);
        return numbers.Count > 0 && numbers.Min() < spec.Least
            ? throw Wrong($"'{range}' is not between {spec.Least} and {spec.Most}", position)
            : numbers;
    }

    private (int Low, int High) Bounds(string range, int position)
    {
        if (range == "*")
        {
            return (spec.Least, spec.Most);
        }

        var dash = range.IndexOf('-');
        if (dash < 0)
        {
            return (Number(range, position), spec.Most);
        }

        var high = range[(dash + 1)..];
        return (Number(range[..dash], position), high == "l" && spec == CronField.Day ? spec.Most : Number(high, position + dash + 1));
    }

    private List<int> Range(int low, int high, int step)
    {
        // A range from a value to the same is all of them.
        if (low == high)
        {
            return Steps(spec.Least, spec.Most, step);
        }

        if (low < high)
        {
            return Steps(low, high, step);
        }

        // A range from a higher to a lower value wraps around the end. Its steps continue there as in croniter.
        var numbers = Steps(low, spec.Most, step);
        var left = spec.Most - numbers[^1];
        var size = spec.Most - spec.Least + 1;
        var skip = size - left - 1 + step > size && left < step ? step - left : 0;
        numbers.AddRange(Steps(spec.Least + skip, high, step));
        return numbers;
    }

    private static List<int> Steps(int low, int high, int step)
    {
        List<int> numbers = [];
        for (long number = low; number <= high; number += step)
        {
            numbers.Add((int)number);
        }

        return numbers;
    }

    private int Checked(string text, int position)
    {
        var number = Number(text, position);
        return number >= spec.Least && number <= spec.Most
            ? number
            : throw Wrong($"{text} is not between {spec.Least} and {spec.Most}", position);
    }

    private int Number(string text, int position)
    {
        if (!TryNumber(text, out var number))
        {
            var name = Array.IndexOf(spec.Names, text);
            return name >= 0 ? spec.Least + name : throw Wrong($"'{text}' is not a value", position);
        }

        return number switch
        {
            7 when spec == CronField.Week && fields == 5 => 0,
            0 when spec == CronField.Day && fields == 6 => 1,
            _ => number,
        };
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private ScheduleTextException Wrong(string reason, int position) => new($"{spec.Name}: {reason}", position);
}
