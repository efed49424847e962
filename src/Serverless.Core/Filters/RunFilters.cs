using System.Text.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// What the bodies of <c>POST …/filter</c> and <c>POST …/count</c> have in common: what is wanted must match all
/// filters.
/// </summary>
public abstract record RunFilters
{
    /// <summary>Only what belongs to such flows.</summary>
    public FlowFilter? Flows { get; init; }

    /// <summary>Only what belongs to such flow runs.</summary>
    public FlowRunFilter? FlowRuns { get; init; }

    /// <summary>Only what belongs to such task runs.</summary>
    public TaskRunFilter? TaskRuns { get; init; }

    /// <summary>Only what belongs to such deployments.</summary>
    public DeploymentFilter? Deployments { get; init; }

    /// <summary>Only what belongs to such work pools, as sent.</summary>
    public JsonElement? WorkPools { get; init; }

    /// <summary>Only what belongs to such work queues, as sent.</summary>
    public JsonElement? WorkPoolQueues { get; init; }

    /// <summary>A query with the same filters.</summary>
    public virtual T Of<T>()
        where T : RunQuery, new() =>
        new()
        {
            Flows = Flows,
            FlowRuns = FlowRuns,
            TaskRuns = TaskRuns,
            Deployments = Deployments,
            WorkPools = WorkPools,
            WorkPoolQueues = WorkPoolQueues,
        };
}
