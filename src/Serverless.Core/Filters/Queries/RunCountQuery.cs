namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flow_runs/count</c> and <c>POST /task_runs/count</c>.</summary>
public sealed record RunCountQuery : RunFilters
{
    /// <summary>The query with the same filters.</summary>
    public T Of<T>()
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
