using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which collections of artifacts are wanted, by the latest artifact of each.</summary>
public sealed record ArtifactCollectionFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The latest artifact's id.</summary>
    public IdFilter? LatestId { get; init; }

    /// <summary>The key.</summary>
    public TextFilter? Key { get; init; }

    /// <summary>The flow run that made the latest artifact.</summary>
    public IdFilter? FlowRunId { get; init; }

    /// <summary>The task run that made the latest artifact.</summary>
    public IdFilter? TaskRunId { get; init; }

    /// <summary>What the latest artifact is.</summary>
    public TextFilter? Type { get; init; }

    /// <summary>True when the collection is wanted that <paramref name="latest"/> is the latest artifact of.</summary>
    public bool Matches(Artifact latest)
    {
        ArgumentNullException.ThrowIfNull(latest);
        return Criteria
            .Of(Operator)
            .With(LatestId?.Matches(latest.Id))
            .With(Key?.Matches(latest.Key))
            .With(FlowRunId?.Matches(latest.FlowRunId))
            .With(TaskRunId?.Matches(latest.TaskRunId))
            .With(Type?.Matches(latest.Type))
            .Match;
    }
}
