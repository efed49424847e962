using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which task runs are wanted.</summary>
public sealed record TaskRunFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The run's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>The run's name.</summary>
    public TextFilter? Name { get; init; }

    /// <summary>The run's tags.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>Its current state.</summary>
    public StateFilter? State { get; init; }

    /// <summary>When it started.</summary>
    public TimeFilter? StartTime { get; init; }

    /// <summary>When it ended.</summary>
    public TimeFilter? EndTime { get; init; }

    /// <summary>When it was first expected to start.</summary>
    public TimeFilter? ExpectedStartTime { get; init; }

    /// <summary>Whether it stands for a subflow.</summary>
    public FlagFilter? SubflowRuns { get; init; }

    /// <summary>The flow run that called it; a filter without criteria: any.</summary>
    public IdFilter? FlowRunId { get; init; }

    /// <summary>True when <paramref name="run"/> is wanted.</summary>
    public bool Matches(TaskRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(run.Id))
            .With(Name?.Matches(run.Name))
            .With(Tags?.Matches(run.Tags))
            .With(State?.Matches(run.StateType, run.StateName))
            .With(StartTime?.Matches(run.StartTime))
            .With(EndTime?.Matches(run.EndTime))
            .With(ExpectedStartTime?.Matches(run.ExpectedStartTime))
            .With(SubflowRuns?.Matches(run.State?.StateDetails.ChildFlowRunId is not null))
            .With(FlowRunId is null ? null : MatchesFlowRun(FlowRunId, run.ShownFlowRunId))
            .Match;
    }

    // On the wire is_null_ is false by default here: being null excludes the other criterion, and not being null is one
    // only without it.
    private static bool MatchesFlowRun(IdFilter filter, Guid? id) =>
        filter switch
        {
            { IsNull: true } => id is null,
            { Any: { } any } => id is { } value && any.Contains(value),
            _ => id is not null,
        };
}
