using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Web.Http;
using Serverless.Web.Shared;

namespace Serverless.Web.FlowRuns;

/// <summary>Reads what a flow run's timeline shows: of many task runs those that failed and the first ones, with their attempts.</summary>
internal sealed class TimelineReader(TaskRunService tasks, FlowRunService runs, TimeProvider time)
{
    /// <summary>The most lines.</summary>
    public const int MostRows = 200;

    private const int MostFailed = 50;
    private const int MostInner = 50;
    private const int MostDepth = 3;
    private const int MostHistories = 25;
    private const int MostPauses = 50;

    /// <summary>A flow run's task runs and subflow runs, in the part of the time that is asked for.</summary>
    public async Task<TimelineModel> ReadAsync(
        Guid flowRunId,
        int total,
        TimelineView view,
        Links links,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var shown =
            total <= MostRows
                ? await tasks.FilterAsync(First(flowRunId, MostRows), cancellationToken)
                : await ChooseAsync(flowRunId, view, cancellationToken);
        List<TimelineRow> rows = [];
        await AddAsync(rows, flowRunId, flowRunId, shown, view, 0, links, now, cancellationToken);

        // Of all rows, also of those that the zoom leaves out.
        var critical = CriticalPath.Of(rows);
        var scale = ScaleOf(rows);
        if (view.IsZoomed && rows.Count > 0)
        {
            var from = view.From ?? scale.Start;
            var to = view.To ?? (scale.End > from ? scale.End : from.AddSeconds(1));
            rows = [.. rows.Select(row => row with { Parts = Clip(row.Parts, from, to) }).Where(row => row.Parts.Count > 0)];
            scale = TimeScale.Between(from, to);
        }

        return new TimelineModel(rows, total, scale)
        {
            View = view,
            Pauses = PausesOf(await runs.GetStatesAsync(flowRunId, cancellationToken)),
            Critical = critical,
            Brush = links[(view with { From = null, To = null }).Path(flowRunId)],
        };
    }

    private static TaskRunQuery First(Guid flowRunId, int most, TaskRunFilter? filter = null) =>
        new()
        {
            TaskRuns = (filter ?? new TaskRunFilter()) with { FlowRunId = new IdFilter { Any = [flowRunId] } },
            Sort = TaskRunSort.ExpectedStartTimeAsc,
            Limit = most,
        };

    private static List<(DateTimeOffset Start, DateTimeOffset? End)> PausesOf(IReadOnlyList<State> history) =>
        [
            .. history
                .Select((state, at) => (State: state, End: at + 1 < history.Count ? history[at + 1].Timestamp : (DateTimeOffset?)null))
                .Where(each => each.State.Type == StateType.Paused)
                .Take(MostPauses)
                .Select(each => (each.State.Timestamp, each.End)),
        ];

    /// <summary>Of many task runs those that failed and the first ones; in a part of the time those that executed then.</summary>
    private async Task<IReadOnlyList<TaskRun>> ChooseAsync(Guid flowRunId, TimelineView view, CancellationToken cancellationToken)
    {
        var begun = view.To is { } to ? new TimeFilter { Before = to } : null;
        TaskRunFilter ended = new() { StartTime = begun, EndTime = view.From is { } from ? new TimeFilter { After = from } : null };
        TaskRunFilter other = view.IsZoomed
            ? new()
            {
                StartTime = begun ?? new TimeFilter { IsNull = false },
                EndTime = new TimeFilter { IsNull = true },
            }
            : new() { State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Failed, StateType.Crashed] } } };
        var first = await tasks.FilterAsync(First(flowRunId, MostFailed, other), cancellationToken);
        var rest = await tasks.FilterAsync(First(flowRunId, MostRows, ended), cancellationToken);
        return [.. first.Concat(rest).DistinctBy(task => task.Id).Take(MostRows)];
    }

    private async Task AddAsync(
        List<TimelineRow> rows,
        Guid rootId,
        Guid flowRunId,
        IReadOnlyList<TaskRun> shown,
        TimelineView view,
        int depth,
        Links links,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var subflows = (
            await runs.FilterAsync(
                new FlowRunQuery
                {
                    FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [flowRunId] } },
                    Sort = FlowRunSort.ExpectedStartTimeAsc,
                    Limit = MostRows,
                },
                cancellationToken
            )
        ).Where(run => run.ParentTaskRunId is not null).ToLookup(run => run.ParentTaskRunId!.Value);
        var histories = 0;
        foreach (var task in shown)
        {
            var stoodFor = subflows[task.Id].ToList();
            foreach (var run in stoodFor)
            {
                var isOpen = depth < MostDepth && view.Open.Contains(run.Id);
                rows.Add(
                    RowOf(run, links, now, AfterOf(task)) with
                    {
                        Depth = depth,
                        IsOpen = isOpen,
                        Toggle = depth < MostDepth ? links[view.Toggled(run.Id).Path(rootId)] : null,
                    }
                );
                if (isOpen)
                {
                    var inner = await tasks.FilterAsync(First(run.Id, MostInner), cancellationToken);
                    await AddAsync(rows, rootId, run.Id, inner, view, depth + 1, links, now, cancellationToken);
                }
            }

            if (stoodFor.Count == 0)
            {
                var history =
                    HasWaited(task) && histories++ < MostHistories ? await tasks.GetStatesAsync(task.Id, cancellationToken) : null;
                rows.Add(RowOf(task, history, links, now) with { Depth = depth });
            }
        }
    }

    private static List<TimelinePart> Clip(IReadOnlyList<TimelinePart> parts, DateTimeOffset from, DateTimeOffset to) =>
        [
            .. parts
                .Where(part => part.Start < to && (part.End > from || (part.End == part.Start && part.End == from)))
                .Select(part => part with { Start = part.Start < from ? from : part.Start, End = part.End > to ? to : part.End }),
        ];

    /// <summary>The attempts of one task run.</summary>
    public async Task<TimelineModel> ReadAsync(TaskRun task, Links links, CancellationToken cancellationToken)
    {
        var row = RowOf(task, await tasks.GetStatesAsync(task.Id, cancellationToken), links, time.GetUtcNow());
        return new TimelineModel([row], 1, ScaleOf([row]));
    }

    private static TimeScale ScaleOf(IEnumerable<TimelineRow> rows) =>
        new(rows.SelectMany(row => row.Parts).Where(part => part.Kind is not null).Select(part => (part.Start, part.End)));

    private static TimelineRow RowOf(TaskRun task, IReadOnlyList<State>? history, Links links, DateTimeOffset now) =>
        new(
            task.Id,
            task.Name,
            links.TaskRun(task.Id),
            task.StateType,
            task.StateName,
            IsSubflow: false,
            history is null
                ? PartsOf(task.StateType, task.StateName, task.ExpectedStartTime, task.StartTime, task.EndTime, now)
                : PartsOf(history, now),
            AfterOf(task),
            task.RunCount
        );

    private static TimelineRow RowOf(FlowRun run, Links links, DateTimeOffset now, IReadOnlyList<Guid> after) =>
        new(
            run.ParentTaskRunId ?? run.Id,
            run.Name,
            links.FlowRun(run.Id),
            run.StateType,
            run.StateName,
            IsSubflow: true,
            PartsOf(run.StateType, run.StateName, run.ExpectedStartTime, run.StartTime, run.EndTime, now),
            after,
            run.RunCount
        );

    /// <summary>Whether a task run has more to show than one wait and one attempt.</summary>
    private static bool HasWaited(TaskRun task) =>
        task.RunCount > 1 || (task.StartTime is not null && task.StateType is StateType.Scheduled or StateType.Pending or StateType.Paused);

    /// <summary>The task runs whose results a task run took.</summary>
    public static IReadOnlyList<Guid> AfterOf(TaskRun task) =>
        [
            .. task
                .TaskInputs.Values.SelectMany(inputs => inputs)
                .Where(input => input.InputType == TaskRunInput.TaskRunResult)
                .Select(input => input.Id)
                .OfType<Guid>()
                .Distinct()
                .Take(20),
        ];

    private static List<TimelinePart> PartsOf(
        StateType? type,
        string? name,
        DateTimeOffset? expected,
        DateTimeOffset? start,
        DateTimeOffset? end,
        DateTimeOffset now
    )
    {
        List<TimelinePart> parts = [];
        if (expected < (start ?? now) && (start is not null || type is { } open && !open.IsFinal()))
        {
            parts.Add(new TimelinePart(expected.Value, start ?? now, null));
        }

        if (start is { } started)
        {
            parts.Add(new TimelinePart(started, end ?? now, Looks.Kind(type, name)));
        }

        return parts;
    }

    /// <summary>Each attempt has the look of what it came to.</summary>
    private static List<TimelinePart> PartsOf(IReadOnlyList<State> history, DateTimeOffset now)
    {
        List<TimelinePart> parts = [];
        for (var at = 0; at < history.Count; at++)
        {
            var next = at + 1 < history.Count ? history[at + 1] : null;
            var end = next?.Timestamp ?? now;
            switch (history[at].Type)
            {
                case StateType.Running:
                    // What waits for a retry has failed.
                    var came =
                        next is null ? "running"
                        : next.Type == StateType.Scheduled ? "failed"
                        : Looks.Kind(next.Type, next.Name);
                    parts.Add(new TimelinePart(history[at].Timestamp, end, came));
                    break;
                case StateType.Scheduled or StateType.Pending or StateType.Paused when next is not null || !history[at].Type.IsFinal():
                    parts.Add(new TimelinePart(history[at].Timestamp, end, null));
                    break;
            }
        }

        return parts;
    }
}
