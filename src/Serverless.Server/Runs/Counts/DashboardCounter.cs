using System.Net;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Counts ended task runs by the time at which they started: twenty equal parts of the time that the filter names.</summary>
internal sealed class DashboardCounter
{
    private const int Parts = 20;

    private readonly int[] _completed = new int[Parts];
    private readonly int[] _failed = new int[Parts];
    private readonly DateTimeOffset _start;
    private readonly DateTimeOffset _last;
    private readonly TimeSpan _part;

    /// <summary>Divides the time.</summary>
    /// <param name="filter">Which task runs.</param>
    /// <param name="now">When the time ends unless the filter says so.</param>
    /// <exception cref="RequestRefusedException">The filter does not say when the time begins.</exception>
    public DashboardCounter(TaskRunFilter? filter, DateTimeOffset now)
    {
        if (filter?.StartTime?.After is not { } after)
        {
            throw new RequestRefusedException(HttpStatusCode.UnprocessableContent, "task_runs.start_time.after_ is required");
        }

        _start = MinuteOf(after);
        var end = MinuteOf(filter.StartTime.Before ?? now);
        var last = end > DateTimeOffset.MaxValue.AddMinutes(-1) ? DateTimeOffset.MaxValue : end.AddMinutes(1).AddMicroseconds(-1);
        _last = last;

        // A part of whole minutes, but for the microsecond that the last one lacks.
        _part = TimeSpan.FromTicks(Math.Max(1, ((last - _start).Ticks + TimeSpan.TicksPerMicrosecond) / Parts));
    }

    /// <summary>Counts a task run.</summary>
    public void Add(TaskRun run)
    {
        if (run is not { StartTime: { } started, StateType: { } type } || !type.IsFinal() || started < _start || started >= _last)
        {
            return;
        }

        var part = (started - _start).Ticks / _part.Ticks;
        if (part < Parts)
        {
            Add((int)part, type, 1);
        }
    }

    /// <summary>Counts task runs of a part of the time that ended in the same kind of state.</summary>
    public void Add(int part, StateType type, long count) =>
        (type is StateType.Failed or StateType.Crashed ? _failed : _completed)[part] += (int)count;

    /// <summary>The task runs that count, by the column of their starts.</summary>
    public Criterion InTime(Column start) => new Criterion.AtLeast(start, _start).And(new Criterion.Below(start, _last));

    /// <summary>The parts, by that column.</summary>
    public ColumnIntervals IntervalsOf(Column start) => new(start, _start, _part, Parts);

    /// <summary>What was counted, by part of the time.</summary>
    public IReadOnlyList<EndedTaskRuns> Counts() =>
        [.. _completed.Zip(_failed, (completed, failed) => new EndedTaskRuns(completed, failed))];

    private static DateTimeOffset MinuteOf(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMinute));
    }
}
