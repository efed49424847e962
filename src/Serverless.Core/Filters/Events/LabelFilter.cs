using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// Criteria on the labels of a resource (Prefect's ResourceSpecification): each label that is named here has a value that matches one of
/// the patterns. A pattern that begins with <c>!</c> matches every value that the rest of it does not match. A label that a resource does
/// not have matches nothing, and so does an empty list.
/// </summary>
[JsonConverter(typeof(LabelFilterConverter))]
public sealed record LabelFilter
{
    /// <summary>The patterns by label: <see cref="GlobPattern"/> has their language.</summary>
    public required IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Patterns { get; init; }

    /// <summary>How many labels there are criteria on; with none, everything matches.</summary>
    public int Count => Patterns.Count;

    internal bool Matches(IReadOnlyDictionary<string, string> resource, ref int steps)
    {
        foreach ((var label, var patterns) in Patterns)
        {
            if (!resource.TryGetValue(label, out var value) || !MatchesOne(value, patterns, ref steps))
            {
                return false;
            }
        }

        return true;
    }

    internal IEnumerable<string> Texts() => Patterns.SelectMany(each => each.Value.Prepend(each.Key));

    private static bool MatchesOne(string value, IReadOnlyList<string> patterns, ref int steps)
    {
        foreach (var pattern in patterns)
        {
            var isNegated = pattern.StartsWith('!');
            var matches = GlobPattern.IsMatch(value, isNegated ? pattern[1..] : pattern, ref steps);
            if (steps >= 0 && matches != isNegated)
            {
                return true;
            }
        }

        return false;
    }
}
