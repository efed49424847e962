using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which flow runs are wanted.</summary>
public sealed record FlowRunFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The run's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>The run's name.</summary>
    public TextFilter? Name { get; init; }

    /// <summary>The run's tags.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>The deployment it was created from.</summary>
    public IdFilter? DeploymentId { get; init; }

    /// <summary>The work queue it waits in.</summary>
    public TextFilter? WorkQueueName { get; init; }

    /// <summary>Its current state.</summary>
    public StateFilter? State { get; init; }

    /// <summary>The version of the flow's code.</summary>
    public TextFilter? FlowVersion { get; init; }

    /// <summary>When it started, or is expected to.</summary>
    public TimeFilter? StartTime { get; init; }

    /// <summary>When it ended.</summary>
    public TimeFilter? EndTime { get; init; }

    /// <summary>When it was first expected to start.</summary>
    public TimeFilter? ExpectedStartTime { get; init; }

    /// <summary>When it is due.</summary>
    public TimeFilter? NextScheduledStartTime { get; init; }

    /// <summary>For subflows: the parent's flow run.</summary>
    /// <remarks>See <see cref="NeedsParentFlowRun"/>.</remarks>
    public IdFilter? ParentFlowRunId { get; init; }

    /// <summary>For subflows: the parent's task run.</summary>
    public IdFilter? ParentTaskRunId { get; init; }

    /// <summary>The creator's key.</summary>
    public TextFilter? IdempotencyKey { get; init; }

    /// <summary>Who created it.</summary>
    public CreatedByFilter? CreatedBy { get; init; }

    /// <summary>True when <see cref="Matches"/> has to be told the parent's flow run.</summary>
    [JsonIgnore]
    public bool NeedsParentFlowRun => ParentFlowRunId?.Any is not null;

    /// <summary>True when <paramref name="run"/> is wanted.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parentFlowRunId">The flow run of the run's <see cref="FlowRun.ParentTaskRunId"/>; null for none.</param>
    public bool Matches(FlowRun run, Guid? parentFlowRunId = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(run.Id))
            .With(Name?.Matches(run.Name))
            .With(Tags?.Matches(run.Tags))
            .With(DeploymentId?.Matches(run.DeploymentId))
            .With(WorkQueueName?.Matches(run.WorkQueueName))
            .With(State?.Matches(run.StateType, run.StateName))
            .With(FlowVersion?.Matches(run.FlowVersion))
            .With(StartTime?.Matches(run.StartTime, run.StartTime ?? run.ExpectedStartTime))
            .With(EndTime?.Matches(run.EndTime))
            .With(ExpectedStartTime?.Matches(run.ExpectedStartTime))
            .With(NextScheduledStartTime?.Matches(run.NextScheduledStartTime))
            .With(ParentFlowRunId?.Matches(parentFlowRunId))
            .With(ParentTaskRunId?.Matches(run.ParentTaskRunId))
            .With(IdempotencyKey?.Matches(run.IdempotencyKey))
            .With(CreatedBy?.Matches(run.CreatedBy))
            .Match;
    }
}
