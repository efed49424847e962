namespace Serverless.Core.Filters;

/// <summary>
/// A pattern as shells and Python's <c>fnmatch.fnmatchcase</c> know it: <c>*</c> stands for any text, <c>?</c> for one character,
/// <c>[a-c]</c> for one of a set and <c>[!a-c]</c> for one outside it. Case counts. A bracket that nobody closes stands for itself.
/// </summary>
internal static class GlobPattern
{
    /// <summary>Whether a text matches.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="steps">How many characters may still be compared. A pattern that needs more does not match.</param>
    public static bool IsMatch(string text, string pattern, ref int steps)
    {
        int at = 0,
            next = 0;

        // Where the last star was, and what it stands for so far ends: the only place to go back to, since an earlier star can do no more.
        int star = -1,
            starEnd = 0;
        while (at < text.Length)
        {
            if (--steps < 0)
            {
                return false;
            }

            if (next < pattern.Length && pattern[next] == '*')
            {
                star = next++;
                starEnd = at;
            }
            else if (next < pattern.Length && Takes(text, pattern, at, next, ref steps) is (> 0, > 0) taken)
            {
                at += taken.Text;
                next += taken.Pattern;
            }
            else if (star >= 0)
            {
                next = star + 1;
                at = ++starEnd;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(next).TrimStart('*').IsEmpty;
    }

    /// <summary>How much of both the next element of a pattern takes; nothing when it does not match.</summary>
    private static (int Text, int Pattern) Takes(string text, string pattern, int at, int next, ref int steps)
    {
        switch (pattern[next])
        {
            case '?':
                return (char.IsSurrogatePair(text, at) ? 2 : 1, 1);
            case '[' when EndOfSet(pattern, next) is > 0 and var end:
                steps -= end - next;
                return IsInSet(text[at], pattern.AsSpan(next + 1, end - next - 1)) ? (1, end - next + 1) : default;
            default:
                return pattern[next] == text[at] ? (1, 1) : default;
        }
    }

    /// <summary>Where a set's closing bracket is; -1 when there is none. One that comes first belongs to the set.</summary>
    private static int EndOfSet(string pattern, int open)
    {
        var first = open + 1;
        if (first < pattern.Length && pattern[first] == '!')
        {
            first++;
        }

        return first < pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
    }

    private static bool IsInSet(char character, ReadOnlySpan<char> set)
    {
        var isOutside = set[0] == '!';
        set = isOutside ? set[1..] : set;
        for (var i = 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? character >= set[i] && character <= set[i + 2] : character == set[i])
            {
                return !isOutside;
            }

            i += isRange ? 2 : 0;
        }

        return isOutside;
    }
}
