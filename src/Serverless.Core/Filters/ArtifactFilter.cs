using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which artifacts are wanted.</summary>
public sealed record ArtifactFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The artifact's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>The artifact's key.</summary>
    public TextFilter? Key { get; init; }

    /// <summary>The flow run that made it.</summary>
    public IdFilter? FlowRunId { get; init; }

    /// <summary>The task run that made it.</summary>
    public IdFilter? TaskRunId { get; init; }

    /// <summary>What it is.</summary>
    public TextFilter? Type { get; init; }

    /// <summary>True when <paramref name="artifact"/> is wanted.</summary>
    public bool Matches(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(artifact.Id))
            .With(Key?.Matches(artifact.Key))
            .With(FlowRunId?.Matches(artifact.FlowRunId))
            .With(TaskRunId?.Matches(artifact.TaskRunId))
            .With(Type?.Matches(artifact.Type))
            .Match;
    }
}
