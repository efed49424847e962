using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Serverless.Storage.Keys;

namespace Serverless.Storage.Azure.Entities;

/// <summary>
/// The conditions of a range as a filter of the service, as far as it takes them: a filter has at most 15 comparisons, of which the keys of
/// a range need four, and is part of an address. Rows of conditions that do not fit come back, and their reader leaves them out.
/// </summary>
internal static class ConditionFilter
{
    private const int MostComparisons = 11;
    private const int MostCharacters = 4000;

    /// <summary>The filter, to be appended to that of the keys; empty for none.</summary>
    public static string Of(IReadOnlyList<RowCondition> conditions)
    {
        var left = MostComparisons;
        var filter = string.Empty;
        foreach (var condition in conditions)
        {
            var name = PropertyName.Encode(condition.Property);
            List<string> alternatives = [];
            if (condition.Any is { Count: > 0 } any && any.Count <= left)
            {
                alternatives.Add(string.Join(" or ", any.Select(value => $"{name} eq {Literal(value)}")));
            }

            // A time before those of the service is stored under another name, as a number.
            if (condition.From is { } from && from >= EntityDraft.FirstTime)
            {
                alternatives.Add($"{name} ge {Literal(from)}");
            }

            if (condition.To is { } to && to >= EntityDraft.FirstTime)
            {
                alternatives.Add($"{name} le {Literal(to)} or {EntityDraft.Hidden}{EntityDraft.EarlyTime}{name} ge 0L");
            }

            var more = string.Concat(alternatives.Select(each => $" and ({each})"));
            var comparisons = alternatives.Sum(each => each.Split(" or ").Length);
            if (comparisons <= left && filter.Length + more.Length <= MostCharacters)
            {
                left -= comparisons;
                filter += more;
            }
        }

        return filter;
    }

    private static string Literal(object value) => TableClient.CreateQueryFilter(FormattableStringFactory.Create("{0}", value));
}
