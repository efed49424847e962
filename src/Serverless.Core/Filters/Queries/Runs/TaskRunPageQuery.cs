namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /task_runs/paginate</c>.</summary>
public sealed record TaskRunPageQuery : PageQuery
{
    /// <summary>The order.</summary>
    public TaskRunSort Sort { get; init; }

    /// <summary>The query for the list that the page is of.</summary>
    public TaskRunQuery List() => ListOf<TaskRunQuery>() with { Sort = Sort };
}
