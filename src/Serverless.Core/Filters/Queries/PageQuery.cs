using System.ComponentModel.DataAnnotations;
using Serverless.Core.Models;
using Serverless.Core.Validation;

namespace Serverless.Core.Filters;

/// <summary>What the bodies of <c>POST …/paginate</c> have in common: filters, and which page is wanted.</summary>
public abstract record PageQuery : RunFilters
{
    /// <summary>Which page; the first is 1.</summary>
    [Range(1, int.MaxValue)]
    public int Page { get; set; } = 1; // With init, the generated reader gives 0 when the member is not there.

    /// <summary>How many items a page holds; null for the server's default.</summary>
    [PageLimit]
    public int? Limit { get; init; }

    /// <summary>The answer with the items of the page.</summary>
    /// <param name="results">The items.</param>
    /// <param name="count">How many items match.</param>
    public ListPage<T> PageOf<T>(IReadOnlyList<T> results, int count)
    {
        var limit = Limit ?? PageLimitAttribute.Most;
        return new(results, count, limit, limit > 0 ? (int)(((long)count + limit - 1) / limit) : 0, Page);
    }

    /// <summary>The query for the list that the page is of.</summary>
    private protected T ListOf<T>()
        where T : RunQuery, new() =>
        Of<T>() with
        {
            Limit = Limit,
            Offset = (int)Math.Min((Page - 1L) * (Limit ?? PageLimitAttribute.Most), int.MaxValue),
        };
}
