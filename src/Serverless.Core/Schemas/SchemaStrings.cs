using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Core.Schemas;

/// <summary>What a schema says about strings.</summary>
internal static partial class SchemaStrings
{
    // Schemas come from callers: a pattern that backtracks without end must not hold a thread.
    private const int PatienceInMilliseconds = 250;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(PatienceInMilliseconds);

    /// <summary>Adds what is wrong with a string.</summary>
    public static void Check(JsonElement schema, JsonElement value, string path, List<SchemaError> errors)
    {
        var text = value.GetString() ?? "";
        if (SchemaNumbers.Count(schema, "minLength"u8) is { } shortest && Length(text) < shortest)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is too short"));
        }

        if (SchemaNumbers.Count(schema, "maxLength"u8) is { } longest && Length(text) > longest)
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is too long"));
        }

        if (
            schema.TryGetProperty("pattern"u8, out var pattern)
            && pattern.ValueKind == JsonValueKind.String
            && !IsMatch(text, pattern.GetString()!)
        )
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} does not match {SchemaText.Show(pattern)}"));
        }

        if (
            schema.TryGetProperty("format"u8, out var format)
            && format.ValueKind == JsonValueKind.String
            && !IsOfFormat(text, format.GetString()!)
        )
        {
            errors.Add(new SchemaError(path, $"{SchemaText.Show(value)} is not a {SchemaText.Show(format)}"));
        }
    }

    /// <summary>
    /// True when the pattern is found in the text. A pattern that cannot be read, or takes too long, is not.
    /// </summary>
    public static bool IsMatch(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, text.EndsWith('\n') ? WithStrictEnd(pattern) : pattern, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // In a schema $ is the end of the text; in .NET a line break may follow it.
    private static string WithStrictEnd(string pattern)
    {
        StringBuilder strict = new();
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var at = pattern[i];
            if (at == '\\' && i + 1 < pattern.Length)
            {
                strict.Append(at).Append(pattern[++i]);
                continue;
            }

            inClass = at switch
            {
                '[' => true,
                ']' => false,
                _ => inClass,
            };
            strict.Append(at == '$' && !inClass ? "\\z" : at.ToString());
        }

        return strict.ToString();
    }

    // JSON schema counts characters, not UTF-16 units.
    private static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    private static bool IsOfFormat(string text, string format) =>
        format switch
        {
            // The parser takes spaces and line breaks around it.
            "uuid" => text.Length == 36 && Guid.TryParseExact(text, "D", out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => IsTimestamp(text),
            _ => true,
        };

    // RFC 3339, and what pydantic accepts beside it: no seconds, no colon in the offset, or no offset, which means UTC.
    [GeneratedRegex(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        PatienceInMilliseconds
    )]
    private static partial Regex Timestamp();

    private static bool IsTimestamp(string text) =>
        Timestamp().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
