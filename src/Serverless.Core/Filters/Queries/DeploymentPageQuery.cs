using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /deployments/paginate</c>.</summary>
public sealed record DeploymentPageQuery : RunFilters
{
    /// <summary>Which page; the first is 1.</summary>
    [Range(1, int.MaxValue)]
    public int Page { get; set; } = 1; // With init, the generated reader gives 0 when the member is not there.

    /// <summary>How many deployments a page holds; null for the server's default.</summary>
    [PageLimit]
    public int? Limit { get; init; }

    /// <summary>The order.</summary>
    public DeploymentSort Sort { get; init; }

    /// <summary>The same as a query for a list.</summary>
    public DeploymentQuery List() =>
        new()
        {
            Flows = Flows,
            FlowRuns = FlowRuns,
            TaskRuns = TaskRuns,
            Deployments = Deployments,
            WorkPools = WorkPools,
            WorkPoolQueues = WorkPoolQueues,
            Sort = Sort,
            Limit = Limit,
            Offset = (int)Math.Min((Page - 1L) * (Limit ?? PageLimitAttribute.Most), int.MaxValue),
        };
}
