using System.Buffers;
using System.Globalization;

namespace Serverless.Core.Validation;

/// <summary>
/// The key of an asset as Prefect takes them: a URI with a scheme of lower-case letters and digits, as in
/// <c>s3://bucket/folder/data.csv</c>, of at most <see cref="Longest"/> characters.
/// </summary>
public static class AssetKey
{
    /// <summary>Most characters of a key.</summary>
    public const int Longest = 512;

    private const string Separator = "://";

    private static readonly SearchValues<char> Refused = SearchValues.Create("\n\r\t\0 #?&%\"'<>[]{}|\\^`");
    private static readonly SearchValues<char> Scheme = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Why a text is no key; null for a key.</summary>
    public static string? Problem(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAny(Refused) is >= 0 and var at)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it has the character U+{(int)text[at]:X4}, which is not allowed");
        }

        if (text.Length > Longest)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it has {text.Length} characters; {Longest} are allowed");
        }

        return text.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var end && !text.AsSpan(0, end).ContainsAnyExcept(Scheme)
            ? null
            : "expected a URI with a scheme of lower-case letters and digits, as in s3://bucket/folder/data.csv";
    }
}
