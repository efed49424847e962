namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flows/paginate</c>.</summary>
public sealed record FlowPageQuery : PageQuery
{
    /// <summary>The order.</summary>
    public FlowSort Sort { get; init; }

    /// <summary>The query for the list that the page is of.</summary>
    public FlowQuery List() => ListOf<FlowQuery>() with { Sort = Sort };
}
