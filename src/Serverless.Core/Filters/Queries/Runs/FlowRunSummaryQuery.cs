using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /ui/flow_runs/history</c>.</summary>
public sealed record FlowRunSummaryQuery : RunFilters
{
    /// <summary>The most runs of one answer, and how many one gets that does not say.</summary>
    public const int Most = 1000;

    /// <summary>The order.</summary>
    public FlowRunSort Sort { get; set; } = FlowRunSort.ExpectedStartTimeDesc; // With init, the generated reader gives the first one.

    /// <summary>How many to return at most.</summary>
    [Range(0, Most)]
    public int Limit { get; set; } = Most; // With init, the generated reader gives 0 when the member is not there.

    /// <summary>How many to skip.</summary>
    [Range(0, int.MaxValue)]
    public int Offset { get; init; }

    /// <summary>The query for the list.</summary>
    public FlowRunQuery List() => Of<FlowRunQuery>() with { Sort = Sort, Limit = Limit, Offset = Offset };
}
