namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flow_runs/paginate</c>.</summary>
public sealed record FlowRunPageQuery : PageQuery
{
    /// <summary>The order.</summary>
    public FlowRunSort Sort { get; init; }

    /// <summary>The query for the list that the page is of.</summary>
    public FlowRunQuery List() => ListOf<FlowRunQuery>() with { Sort = Sort };
}
