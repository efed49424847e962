namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /artifacts/count</c>.</summary>
public sealed record ArtifactCountQuery : RunFilters
{
    /// <summary>Only such artifacts.</summary>
    public ArtifactFilter? Artifacts { get; init; }

    /// <summary>The query with the same filters.</summary>
    public ArtifactQuery List() =>
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
