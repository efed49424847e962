using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>The columns of flow runs: what lists filter and sort by, and what services look for.</summary>
internal static class FlowRunColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table = new("flowruns", static (id, _) => RunKeys.FlowRun(id));

    /// <summary>The type of the state, as a number.</summary>
    public static readonly Column StateType = Table.Add("state_type", ColumnType.Number);

    /// <summary>The name of the state.</summary>
    public static readonly Column StateName = Table.Add("state_name", ColumnType.Text);

    /// <summary>When the run was first expected to start.</summary>
    public static readonly Column ExpectedStart = Table.Add("expected_start", ColumnType.Time);

    /// <summary>When it ended; null until then.</summary>
    public static readonly Column Ended = Table.Add("ended", ColumnType.Time);

    /// <summary>The list of <see cref="FlowRunLists.DueOf"/>.</summary>
    public static readonly Column DueList = Table.Add("due_list", ColumnType.Text);

    /// <summary>The time of <see cref="FlowRunLists.DueOf"/>.</summary>
    public static readonly Column Due = Table.Add("due", ColumnType.Time);

    /// <summary>The deployment, of a run that is scheduled.</summary>
    public static readonly Column ScheduledFor = Table.Add("scheduled_for", ColumnType.Id);

    /// <summary>The flow.</summary>
    public static readonly Column FlowId = Table.Add("flow_id", ColumnType.Id);

    /// <summary>The deployment; null for none.</summary>
    public static readonly Column DeploymentId = Table.Add("deployment_id", ColumnType.Id);
    private static readonly Column ParentFlowRunId = Table.Add("parent_flow_run_id", ColumnType.Id);
    private static readonly Column ParentTaskRunId = Table.Add("parent_task_run_id", ColumnType.Id);
    private static readonly Column Name = Table.Add("name", ColumnType.Text);
    private static readonly Column Start = Table.Add("start_time", ColumnType.Time);
    private static readonly Column StartOrExpected = Table.Add("began", ColumnType.Time);
    private static readonly Column End = Table.Add("end_time", ColumnType.Time);
    private static readonly Column NextStart = Table.Add("next_start", ColumnType.Time);
    private static readonly Column WorkQueueName = Table.Add("work_queue_name", ColumnType.Text);
    private static readonly Column FlowVersion = Table.Add("flow_version", ColumnType.Text);
    private static readonly Column IdempotencyKey = Table.Add("idempotency_key", ColumnType.Text);
    private static readonly Column HasCreator = Table.Add("has_creator", ColumnType.Number);
    private static readonly Column CreatorId = Table.Add("creator_id", ColumnType.Id);
    private static readonly Column CreatorType = Table.Add("creator_type", ColumnType.Text);
    private static readonly Column IsSubflow = Table.Add("is_subflow", ColumnType.Number);

    /// <summary>The figures of histories.</summary>
    public static readonly RunFigureColumns Figures = new(Table);

    static FlowRunColumns()
    {
        Table.AddIndex(ExpectedStart);
        Table.AddIndex(StartOrExpected);
        Table.AddIndex(End);
        Table.AddIndex(NextStart);
        Table.AddIndex(Name);
        Table.AddIndex(StateType, ExpectedStart);
        Table.AddIndex(StateName, ExpectedStart);
        Table.AddIndex(FlowId, ExpectedStart);
        Table.AddSparseIndex(DeploymentId, ExpectedStart);
        Table.AddSparseIndex(ParentFlowRunId);
        Table.AddSparseIndex(ParentTaskRunId);
        Table.AddSparseIndex(Ended);
        Table.AddSparseIndex(DueList, Due);
        Table.AddSparseIndex(ScheduledFor);
        Table.AddIndexOfPresent(FlowId, NextStart);
        Table.AddRollup(
            RunFigureColumns.Ended(ExpectedStart, StateType, [StateType, StateName, IsSubflow], Figures.Sums) with
            {
                Elapsed = Figures.Elapsed,
            }
        );
    }

    /// <summary>The change that makes the columns hold a run that is another from now on; null for none.</summary>
    public static ColumnChange Change(StoredFlowRun? before, StoredFlowRun? after) =>
        new(Table, (after ?? before)!.Run.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>What the filters of a query ask.</summary>
    public static Criterion Of(RunFilters filters)
    {
        var criterion = OfFlowRuns(filters);
        return filters.TaskRuns is { } taskRuns
            ? criterion.And(new Criterion.IsReferredTo(TaskRunColumns.Table, TaskRunColumns.FlowRunId, TaskRunColumns.Of(taskRuns)))
            : criterion;
    }

    /// <summary>What they ask, but for the one on task runs.</summary>
    public static Criterion OfFlowRuns(RunFilters filters)
    {
        var criterion = filters.FlowRuns is { } runs ? Of(runs) : Criterion.Everything;
        if (filters.Flows is { } flows)
        {
            criterion = criterion.And(new Criterion.Refers(FlowId, FlowColumns.Table, FlowColumns.Of(flows)));
        }

        return filters.Deployments is { } deployments
            ? criterion.And(new Criterion.Refers(DeploymentId, DeploymentColumns.Table, DeploymentColumns.Of(deployments)))
            : criterion;
    }

    /// <summary>What a filter asks.</summary>
    public static Criterion Of(FlowRunFilter filter) =>
        Planned(filter) is { } deployments
            ? OfOthers(filter with { DeploymentId = null, State = null })
                .And(new Criterion.In(ScheduledFor, [.. deployments.Cast<object>()]))
            : OfOthers(filter);

    /// <summary>
    /// The deployments whose scheduled runs are asked for; null when something else is. These are few, and have an index. Those of the
    /// deployment are many, and so are those that are scheduled.
    /// </summary>
    private static IReadOnlyList<Guid>? Planned(FlowRunFilter filter) =>
        filter
            is {
                Operator: Operator.And,
                DeploymentId: { Any: { } deployments, NotAny: null or [], IsNull: null },
                State: { Name: null, Type: { Any: [Core.States.StateType.Scheduled], NotAny: null or [] } },
            }
            ? deployments
            : null;

    private static Criterion OfOthers(FlowRunFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
            filter.Name is { } name ? FilterCriteria.Of(name, Name) : null,
            filter.Tags is { } tags ? FilterCriteria.Of(tags) : null,
            filter.DeploymentId is { } deployment ? FilterCriteria.Of(deployment, DeploymentId) : null,
            filter.WorkQueueName is { } queue ? FilterCriteria.Of(queue, WorkQueueName) : null,
            filter.State is { } state ? FilterCriteria.Of(state, StateType, StateName) : null,
            filter.FlowVersion is { } version ? FilterCriteria.Of(version, FlowVersion) : null,
            filter.StartTime is { } start ? FilterCriteria.Of(start, Start, StartOrExpected) : null,
            filter.EndTime is { } end ? FilterCriteria.Of(end, End) : null,
            filter.ExpectedStartTime is { } expected ? FilterCriteria.Of(expected, ExpectedStart) : null,
            filter.NextScheduledStartTime is { } next ? FilterCriteria.Of(next, NextStart) : null,
            filter.ParentFlowRunId is { } parent ? FilterCriteria.Of(parent, ParentFlowRunId) : null,
            filter.ParentTaskRunId switch
            {
                null => null,
                { Any: null, NotAny: null, IsNull: { } isNull } => new Criterion.In(IsSubflow, [isNull ? 0L : 1L]),
                var parentTask => FilterCriteria.Of(parentTask, ParentTaskRunId),
            },
            filter.IdempotencyKey is { } key ? FilterCriteria.Of(key, IdempotencyKey) : null,
            filter.CreatedBy is { } creator ? Of(creator) : null
        );

    /// <summary>The order of a list.</summary>
    public static ColumnOrder Of(FlowRunSort sort) =>
        sort switch
        {
            FlowRunSort.IdDesc => new(null, Descending: true),
            FlowRunSort.StartTimeAsc => new(StartOrExpected, Descending: false),
            FlowRunSort.StartTimeDesc => new(StartOrExpected, Descending: true),
            FlowRunSort.ExpectedStartTimeAsc => new(ExpectedStart, Descending: false),
            FlowRunSort.ExpectedStartTimeDesc => new(ExpectedStart, Descending: true),
            FlowRunSort.NameAsc => new(Name, Descending: false),
            FlowRunSort.NameDesc => new(Name, Descending: true),
            FlowRunSort.NextScheduledStartTimeAsc => new(NextStart, Descending: false),
            FlowRunSort.EndTimeDesc => new(End, Descending: true),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static Criterion Of(CreatedByFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } ids ? new Criterion.In(CreatorId, [.. ids.Cast<object>()]) : null,
            filter.Type is { } types ? new Criterion.In(CreatorType, [.. types]) : null,
            filter.IsNull is { } isNull ? new Criterion.IsNull(HasCreator, isNull) : null
        );

    private static ColumnValues ValuesOf(StoredFlowRun stored)
    {
        var run = stored.Run;
        var due = FlowRunLists.DueOf(run);
        return new ColumnValues(
            [
                (long?)run.StateType,
                run.StateName,
                run.ExpectedStartTime ?? DateTimeOffset.MinValue,
                run.State is { } state && state.Type.IsFinal() ? state.Timestamp : null,
                due?.List,
                due?.Time,
                run.StateType == Core.States.StateType.Scheduled ? run.DeploymentId : null,
                run.FlowId,
                run.DeploymentId,
                stored.ParentFlowRunId,
                run.ParentTaskRunId,
                run.Name,
                run.StartTime,
                run.StartTime ?? run.ExpectedStartTime,
                run.EndTime,
                run.NextScheduledStartTime,
                run.WorkQueueName,
                run.FlowVersion,
                run.IdempotencyKey,
                run.CreatedBy is null ? null : 1L,
                run.CreatedBy?.Id,
                run.CreatedBy?.Type,
                run.ParentTaskRunId is null ? 0L : 1L,
                .. RunFigureColumns.Values(run.TotalRunTime, run.State, run.StartTime, run.ExpectedStartTime),
            ],
            run.Tags
        );
    }
}
