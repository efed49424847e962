using System.IO.Enumeration;

namespace Serverless.Api.Tests.OpenApi.Contract;

/// <summary>
/// The differences that are meant. A line that begins with <c>#</c> is the reason of the lines after it, in each of which <c>*</c> stands
/// for any text.
/// </summary>
/// <param name="Patterns">The lines with their reasons.</param>
internal sealed record ListedDifferences(IReadOnlyList<(string Reason, string Pattern)> Patterns)
{
    /// <summary>Reads the list.</summary>
    public static ListedDifferences Read(IEnumerable<string> lines)
    {
        List<(string, string)> patterns = [];
        var reason = string.Empty;
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (line[0] == '#')
            {
                reason = line[1..].Trim();
            }
            else
            {
                patterns.Add((reason, line));
            }
        }

        return new ListedDifferences(patterns);
    }

    /// <summary>The differences that are not in the list.</summary>
    public IEnumerable<string> NotListed(IEnumerable<string> differences) =>
        differences.Where(difference => !Patterns.Any(listed => Matches(listed.Pattern, difference)));

    /// <summary>The lines of the list that are no differences any more.</summary>
    public IEnumerable<string> Outdated(IReadOnlyCollection<string> differences) =>
        Patterns.Select(listed => listed.Pattern).Where(pattern => !differences.Any(difference => Matches(pattern, difference)));

    private static bool Matches(string pattern, string difference) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), difference, ignoreCase: false);
}
