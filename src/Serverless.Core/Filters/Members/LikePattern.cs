namespace Serverless.Core.Filters;

/// <summary>
/// SQL's <c>ILIKE '%pattern%'</c>: a match anywhere, ignoring case; <c>%</c> stands for any text, <c>_</c> for one
/// character.
/// </summary>
public static class LikePattern
{
    /// <summary>True when <paramref name="pattern"/> is found in <paramref name="text"/>.</summary>
    public static bool IsMatch(string? text, string pattern)
    {
        if (text is null)
        {
            return false;
        }

        return pattern.AsSpan().ContainsAny('%', '_')
            ? Walk(text, $"%{pattern}%")
            : text.Contains(pattern, StringComparison.OrdinalIgnoreCase);
    }

    // Greedy with one point to come back to: linear in practice, quadratic at worst.
    private static bool Walk(string text, string pattern)
    {
        var (t, p, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '_' || Same(pattern[p], text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('%').IsEmpty;
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
