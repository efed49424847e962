using Microsoft.AspNetCore.Http;
using Serverless.Web.FlowRuns;
using Serverless.Web.Shared;

namespace Serverless.Web.Http;

/// <summary>What the address of a list says that is counted: a part of the names, and how many rows come before.</summary>
/// <param name="request">The request for the list.</param>
/// <param name="path">The path of the list.</param>
internal sealed class ListAddress(HttpRequest request, string path)
{
    /// <summary>One row more than is shown, to know whether there are others.</summary>
    public const int Most = TabReader.PageSize + 1;

    /// <summary>A part of the names; null for all.</summary>
    public string? Text { get; } = request.Query["q"].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>How many rows come before.</summary>
    public int Offset { get; } = TabReader.OffsetOf(request);

    /// <summary>The rows to show, and the way to the others.</summary>
    /// <param name="found">At most <see cref="Most"/> rows from the offset on.</param>
    /// <param name="filters">What else the address says.</param>
    public (IReadOnlyList<T> Shown, PagerModel Pager) Cut<T>(IReadOnlyList<T> found, params (string Name, object? Value)[] filters)
    {
        var links = Links.Of(request);
        List<T> shown = [.. found.Take(TabReader.PageSize)];
        return (
            shown,
            PagerModel.At(
                Offset,
                shown.Count,
                TabReader.PageSize,
                found.Count > shown.Count,
                at => links[Links.Query(path, [("q", Text), .. filters, ("offset", at > 0 ? at : null)])]
            )
        );
    }
}
