namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /artifacts/latest/count</c>.</summary>
public sealed record ArtifactCollectionCountQuery : RunFilters
{
    /// <summary>Only such collections.</summary>
    public ArtifactCollectionFilter? Artifacts { get; init; }

    /// <summary>The query with the same filters.</summary>
    public ArtifactCollectionQuery List() =>
        new()
        {
            Flows = Flows,
            FlowRuns = FlowRuns,
            TaskRuns = TaskRuns,
            Deployments = Deployments,
            WorkPools = WorkPools,
            WorkPoolQueues = WorkPoolQueues,
            Artifacts = Artifacts,
        };
}
