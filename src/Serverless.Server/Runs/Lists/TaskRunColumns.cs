using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>The columns of task runs. Task runs are many: only what is often asked for has an index.</summary>
internal static class TaskRunColumns
{
    /// <summary>The table.</summary>
    public static readonly ColumnTable Table;

    /// <summary>The flow run that called it.</summary>
    public static readonly Column FlowRunId;

    /// <summary>The flow runs that are deleted, but not purged yet: their task runs are not shown.</summary>
    private static readonly ColumnTable Gone = new("goneflowruns", static (id, _) => RunKeys.FlowRun(id));

    private static readonly ColumnValues None = new([], []);

    private static readonly Column Home;
    private static readonly Column Name;

    /// <summary>The type of the state, as a number.</summary>
    public static readonly Column StateType;

    /// <summary>The name of the state.</summary>
    public static readonly Column StateName;

    /// <summary>When it was first expected to start.</summary>
    public static readonly Column ExpectedStart;

    /// <summary>When it started; null until then.</summary>
    public static readonly Column Start;

    /// <summary>The figures of histories.</summary>
    public static readonly RunFigureColumns Figures;

    private static readonly Column End;
    private static readonly Column NextStart;
    private static readonly Column IsSubflow;

    static TaskRunColumns()
    {
        List<Column> located = [];
        Table = new ColumnTable("taskruns", static (id, values) => RunKeys.TaskRun((Guid)values[0]!, id)) { LocatedBy = located };
        FlowRunId = Table.Add("flow_run_id", ColumnType.Id);
        Home = Table.Add("home", ColumnType.Id);
        Name = Table.Add("name", ColumnType.Text);
        StateType = Table.Add("state_type", ColumnType.Number);
        StateName = Table.Add("state_name", ColumnType.Text);
        ExpectedStart = Table.Add("expected_start", ColumnType.Time);
        Start = Table.Add("start_time", ColumnType.Time);
        End = Table.Add("end_time", ColumnType.Time);
        NextStart = Table.Add("next_start", ColumnType.Time);
        IsSubflow = Table.Add("is_subflow", ColumnType.Number);
        Figures = new RunFigureColumns(Table);
        located.Add(Home);
        Table.AddIndex(FlowRunId);
        Table.AddIndex(ExpectedStart);
        Table.AddIndex(End);
        Table.AddIndex(Start);
        Table.AddIndex(StateType, ExpectedStart);
        Table.AddRollup(RunFigureColumns.Ended(ExpectedStart, StateType, [StateType, StateName, IsSubflow], Figures.Sums));
        Table.AddRollup(RunFigureColumns.Ended(Start, StateType, [StateType, IsSubflow], []));
    }

    /// <summary>The change that makes the columns hold a task run that is another from now on; null for none.</summary>
    public static ColumnChange Change(TaskRun? before, TaskRun? after) =>
        new(Table, (after ?? before)!.Id, before is null ? null : ValuesOf(before), after is null ? null : ValuesOf(after));

    /// <summary>The change that makes an end of a task run whose flow run is deleted.</summary>
    public static ColumnChange Purge(Guid taskRunId) => new(Table, taskRunId, null, null);

    /// <summary>The change that hides the task runs of a flow run that is deleted.</summary>
    public static ColumnChange Hide(Guid flowRunId) => new(Gone, flowRunId, null, None);

    /// <summary>The task runs of a deleted flow run are purged.</summary>
    public static ColumnChange Purged(Guid flowRunId) => new(Gone, flowRunId, null, null);

    /// <summary>What the filters of a query ask.</summary>
    public static Criterion Of(RunFilters filters)
    {
        var criterion = filters.TaskRuns is { } runs ? Of(runs) : Criterion.Everything;
        return filters is { Flows: null, FlowRuns: null, Deployments: null }
            ? criterion.And(new Criterion.DoesNotRefer(FlowRunId, Gone))
            : criterion.And(new Criterion.Refers(FlowRunId, FlowRunColumns.Table, FlowRunColumns.OfFlowRuns(filters)));
    }

    /// <summary>What a filter asks.</summary>
    public static Criterion Of(TaskRunFilter filter) =>
        FilterCriteria.Of(
            filter.Operator,
            filter.Id is { } id ? FilterCriteria.OfKey(id) : null,
            filter.Name is { } name ? FilterCriteria.Of(name, Name) : null,
            filter.Tags is { } tags ? FilterCriteria.Of(tags) : null,
            filter.State is { } state ? FilterCriteria.Of(state, StateType, StateName) : null,
            filter.StartTime is { } start ? FilterCriteria.Of(start, Start) : null,
            filter.EndTime is { } end ? FilterCriteria.Of(end, End) : null,
            filter.ExpectedStartTime is { } expected ? FilterCriteria.Of(expected, ExpectedStart) : null,
            filter.SubflowRuns is { } subflows
                ? FilterCriteria.Of(subflows, new Criterion.In(IsSubflow, [1L]), new Criterion.In(IsSubflow, [0L]))
                : null,
            filter.FlowRunId switch
            {
                null => null,
                { IsNull: true } => new Criterion.IsNull(FlowRunId),
                { Any: { } any } => new Criterion.In(FlowRunId, [.. any.Cast<object>()]),
                _ => new Criterion.IsNull(FlowRunId, Expected: false),
            }
        );

    /// <summary>The order of a list.</summary>
    public static ColumnOrder Of(TaskRunSort sort) =>
        sort switch
        {
            TaskRunSort.IdDesc => new(null, Descending: true),
            TaskRunSort.ExpectedStartTimeAsc => new(ExpectedStart, Descending: false),
            TaskRunSort.ExpectedStartTimeDesc => new(ExpectedStart, Descending: true),
            TaskRunSort.NameAsc => new(Name, Descending: false),
            TaskRunSort.NameDesc => new(Name, Descending: true),
            TaskRunSort.NextScheduledStartTimeAsc => new(NextStart, Descending: false),
            TaskRunSort.EndTimeDesc => new(End, Descending: true),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "The sort order is unknown."),
        };

    private static ColumnValues ValuesOf(TaskRun run) =>
        new(
            [
                run.ShownFlowRunId,
                TaskRunKeys.Home(run),
                run.Name,
                (long?)run.StateType,
                run.StateName,
                run.ExpectedStartTime,
                run.StartTime,
                run.EndTime,
                run.NextScheduledStartTime,
                run.State?.StateDetails.ChildFlowRunId is null ? 0L : 1L,
                .. RunFigureColumns.Values(run.TotalRunTime, run.State, run.StartTime, run.ExpectedStartTime),
            ],
            run.Tags
        );
}
