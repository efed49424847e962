using System.Text.RegularExpressions;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>The parts of a type in the short form of <see cref="ContractFacts"/>, so that each can be compared by itself.</summary>
/// <param name="Text">The type without the other parts.</param>
/// <param name="Shape">The same without the names of schemas.</param>
/// <param name="Names">The names of its schemas.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="Default">Its default; null for none.</param>
/// <param name="Bounds">The bounds of its values, and of the values in it.</param>
internal sealed partial record ContractType(
    string Text,
    string Shape,
    IReadOnlyList<string> Names,
    bool IsNullable,
    string? Default,
    IReadOnlyCollection<string> Bounds
)
{
    private const string DefaultSign = " = ";
    private const string OrNull = " | null";

    /// <summary>Takes a type apart.</summary>
    public static ContractType Of(string text)
    {
        var at = text.IndexOf(DefaultSign, StringComparison.Ordinal);
        var type = at < 0 ? text : text[..at];
        var bounds = Bound().Matches(type).Select(match => match.Value.Trim()).Distinct().ToList();
        type = Bound().Replace(type, string.Empty);
        var isNullable = type.EndsWith(OrNull, StringComparison.Ordinal);
        if (isNullable)
        {
            type = type[..^OrNull.Length];
        }

        return new ContractType(
            type,
            SchemaName().Replace(type, "#"),
            [.. SchemaName().Matches(type).Select(match => match.Value[1..])],
            isNullable || type == "any",
            at < 0 ? null : text[(at + DefaultSign.Length)..],
            bounds
        );
    }

    [GeneratedRegex(@"#[\w.-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();

    [GeneratedRegex(
        @" (items|length)?[<>]=?[\d.eE+-]+| pattern \S+?(?=[\]}]?( |$))",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Bound();
}
