using System.Text;
using Serverless.Core.Json;

namespace Serverless.Api.Http;

/// <summary>
/// Whether the escapes of a path and of a query string are text. Servers pass over those that are none, and take them by the letter.
/// </summary>
internal static class TargetText
{
    /// <summary>Looks at the target of a request, as its first line has it.</summary>
    /// <exception cref="InvalidRequestException">An escape is not part of a character in UTF-8.</exception>
    public static void Check(string target)
    {
        if (!target.Contains('%'))
        {
            return;
        }

        var query = target.IndexOf('?');
        if (!IsText(query < 0 ? target : target.AsSpan(0, query)))
        {
            throw Invalid("path");
        }

        var pairs = query < 0 ? [] : target.AsSpan(query + 1);
        foreach (var range in pairs.Split('&'))
        {
            var pair = pairs[range];
            var end = pair.IndexOf('=');
            var name = end < 0 ? pair : pair[..end];
            if (!IsText(name))
            {
                throw Invalid("query");
            }

            if (!IsText(pair))
            {
                throw Invalid("query", Uri.UnescapeDataString(name.ToString()));
            }
        }
    }

    private static InvalidRequestException Invalid(params object[] place) =>
        new(new RequestError("string_unicode", place, "Input should be a valid string, unable to parse raw data as a unicode string"));

    private static bool IsText(ReadOnlySpan<char> escaped)
    {
        if (!escaped.Contains('%'))
        {
            return true;
        }

        var bytes = new byte[escaped.Length * 3];
        var length = 0;
        for (var at = 0; at < escaped.Length; at++)
        {
            if (
                escaped[at] == '%'
                && at + 2 < escaped.Length
                && char.IsAsciiHexDigit(escaped[at + 1])
                && char.IsAsciiHexDigit(escaped[at + 2])
            )
            {
                bytes[length++] = Convert.FromHexString(escaped.Slice(at + 1, 2))[0];
                at += 2;
            }
            else
            {
                length += Encoding.UTF8.GetBytes(escaped.Slice(at, 1), bytes.AsSpan(length));
            }
        }

        return JsonScan.IndexOfBadText(bytes.AsSpan(0, length)) < 0;
    }
}
