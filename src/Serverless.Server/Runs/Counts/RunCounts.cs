using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Figures of all runs that filters match: histories and averages.</summary>
public sealed class RunCounts
{
    private readonly FlowRunQueries _flowRuns;
    private readonly TaskRunService _taskRuns;
    private readonly TimeProvider _time;
    private readonly ColumnRunCounts? _columns;

    internal RunCounts(IRowStore store, FlowRunQueries flowRuns, TaskRunService taskRuns, TimeProvider time)
    {
        _columns = store.Columns is { } columns ? new(columns) : null;
        _flowRuns = flowRuns;
        _taskRuns = taskRuns;
        _time = time;
    }

    /// <summary>The flow runs that match, by interval and state.</summary>
    /// <exception cref="RequestRefusedException">The intervals are shorter than a second.</exception>
    public async Task<IReadOnlyList<HistoryInterval>> FlowRunHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        HistoryCounter counter = new(query);
        var now = _time.GetUtcNow();
        if (_columns is { } columns)
        {
            await columns.CountAsync(counter, query.Of<FlowRunQuery>(), now, cancellationToken);
            return counter.Intervals();
        }

        var runs = query.Of<FlowRunQuery>() with { FlowRuns = counter.Narrow(query.FlowRuns) };
        await foreach (var stored in _flowRuns.MatchAsync(runs, withTaskRuns: true, cancellationToken))
        {
            counter.Add(CountedRun.Of(stored.Run, now));
        }

        return counter.Intervals();
    }

    /// <summary>The task runs that match, by interval and state.</summary>
    /// <exception cref="RequestRefusedException">The intervals are shorter than a second.</exception>
    public async Task<IReadOnlyList<HistoryInterval>> TaskRunHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        HistoryCounter counter = new(query);
        var now = _time.GetUtcNow();
        if (_columns is { } columns)
        {
            await columns.CountAsync(counter, query.Of<TaskRunQuery>(), now, cancellationToken);
            return counter.Intervals();
        }

        var runs = query.Of<TaskRunQuery>() with { TaskRuns = counter.Narrow(query.TaskRuns) };
        await foreach (var run in _taskRuns.MatchAsync(runs, cancellationToken))
        {
            counter.Add(CountedRun.Of(run, now));
        }

        return counter.Intervals();
    }

    /// <summary>The average lateness of the flow runs that match, in seconds; null when there are none.</summary>
    public async Task<double?> AverageLatenessAsync(RunFilters filters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        var now = _time.GetUtcNow();
        if (_columns is { } columns)
        {
            return await columns.AverageLatenessAsync(filters.Of<FlowRunQuery>(), now, cancellationToken);
        }

        var sum = 0.0;
        var count = 0L;
        await foreach (var stored in _flowRuns.MatchAsync(filters.Of<FlowRunQuery>(), withTaskRuns: true, cancellationToken))
        {
            sum += CountedRun.Of(stored.Run, now).Lateness;
            count++;
        }

        return count == 0 ? null : sum / count;
    }

    /// <summary>Ended task runs by the time at which they started, in twenty equal parts of the time that the filter names.</summary>
    /// <exception cref="RequestRefusedException">The filter does not say when the time begins.</exception>
    public async Task<IReadOnlyList<EndedTaskRuns>> DashboardAsync(RunFilters filters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        DashboardCounter counter = new(filters.TaskRuns, _time.GetUtcNow());

        // Whatever the filter says of states: only those that have ended are counted.
        var ended = Enum.GetValues<StateType>().Where(type => type.IsFinal()).ToArray();
        var query = filters.Of<TaskRunQuery>() with
        {
            TaskRuns = filters.TaskRuns! with { State = new StateFilter { Type = new StateTypeFilter { Any = ended } } },
        };
        if (_columns is { } columns)
        {
            await columns.CountAsync(counter, query, cancellationToken);
            return counter.Counts();
        }

        await foreach (var run in _taskRuns.MatchAsync(query, cancellationToken))
        {
            counter.Add(run);
        }

        return counter.Counts();
    }

    /// <summary>How many of the task runs that match are in each type of state.</summary>
    public Task<IReadOnlyDictionary<StateType, int>> CountByStateAsync(RunFilters filters, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        return _taskRuns.CountByStateAsync(filters.Of<TaskRunQuery>(), cancellationToken);
    }

    /// <summary>How many task runs each of the flow runs has, without those that stand for subflows.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> CountTaskRunsAsync(
        IReadOnlyList<Guid> flowRunIds,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(flowRunIds);
        Dictionary<Guid, int> counts = [];
        foreach (var id in flowRunIds.Distinct())
        {
            TaskRunQuery tasks = new() { TaskRuns = new TaskRunFilter { FlowRunId = new IdFilter { Any = [id] } } };
            counts.Add(id, await _taskRuns.CountAsync(tasks, cancellationToken));
        }

        HashSet<Guid> standIns = [];
        FlowRunQuery subflows = new() { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [.. counts.Keys] } } };
        await foreach (var stored in _flowRuns.MatchAsync(subflows, withTaskRuns: false, cancellationToken))
        {
            if (
                stored is { ParentFlowRunId: { } parent, Run.ParentTaskRunId: { } standIn }
                && standIns.Add(standIn)
                && await _taskRuns.GetAsync(standIn, cancellationToken) is not null
            )
            {
                counts[parent]--;
            }
        }

        return counts;
    }

    /// <summary>The run of each of the flows that is due first; null for a flow that has none.</summary>
    public async Task<IReadOnlyDictionary<Guid, NextFlowRun?>> NextRunsAsync(
        IReadOnlyList<Guid> flowIds,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(flowIds);
        var next = flowIds.Distinct().ToDictionary(id => id, _ => (NextFlowRun?)null);
        FlowRunQuery scheduled = new()
        {
            FlowRuns = new FlowRunFilter
            {
                State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Scheduled] } },
                NextScheduledStartTime = new TimeFilter { After = DateTimeOffset.MinValue },
            },
            Sort = FlowRunSort.NextScheduledStartTimeAsc,
            Limit = 1,
        };
        if (_columns is not null)
        {
            foreach (var id in next.Keys)
            {
                var first = scheduled with { Flows = new FlowFilter { Id = new IdFilter { Any = [id] } } };
                next[id] = await _flowRuns.ListAsync(first, cancellationToken, withValues: false) is [var run] ? NextFlowRun.Of(run) : null;
            }

            return next;
        }

        await foreach (var stored in _flowRuns.MatchAsync(scheduled, withTaskRuns: false, cancellationToken))
        {
            var run = stored.Run;
            if (
                run.NextScheduledStartTime is { } due
                && next.TryGetValue(run.FlowId, out var known)
                && (known is null || due < known.NextScheduledStartTime)
            )
            {
                next[run.FlowId] = NextFlowRun.Of(run);
            }
        }

        return next;
    }

    /// <summary>The flow runs that a query matches, in its order and in few words.</summary>
    public async Task<IReadOnlyList<FlowRunSummary>> SummariesAsync(
        FlowRunSummaryQuery query,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        var now = _time.GetUtcNow();
        var runs = await _flowRuns.ListAsync(query.List(), cancellationToken, withValues: false);
        return [.. runs.Select(run => FlowRunSummary.Of(run.WithEstimates(now)))];
    }
}
