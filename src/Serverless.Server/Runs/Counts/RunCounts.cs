using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Server.Runs;

/// <summary>Figures of all runs that filters match: histories and averages.</summary>
public sealed class RunCounts
{
    private readonly FlowRunQueries _flowRuns;
    private readonly TaskRunService _taskRuns;
    private readonly TimeProvider _time;

    internal RunCounts(FlowRunQueries flowRuns, TaskRunService taskRuns, TimeProvider time)
    {
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
        var sum = 0.0;
        var count = 0L;
        await foreach (var stored in _flowRuns.MatchAsync(filters.Of<FlowRunQuery>(), withTaskRuns: true, cancellationToken))
        {
            sum += CountedRun.Of(stored.Run, now).Lateness;
            count++;
        }

        return count == 0 ? null : sum / count;
    }
}
