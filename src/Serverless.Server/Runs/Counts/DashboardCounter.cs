using System.Net;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Server.Runs;

/// <summary>Counts ended task runs by the time at which they started: twenty equal parts of the time that the filter names.</summary>
internal sealed class DashboardCounter
{
    private const int Parts = 20;

    private readonly int[] _completed = new int[Parts];
    private readonly int[] _failed = new int[Parts];
    private readonly DateTimeOffset _start;
    private readonly double _part;

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
        _part = (last - _start).TotalSeconds / Parts;
    }

    /// <summary>Counts a task run.</summary>
    public void Add(TaskRun run)
    {
        if (run is not { StartTime: { } started, StateType: { } type } || !type.IsFinal() || started < _start)
        {
            return;
        }

        var part = (started - _start).TotalSeconds / _part;
        if (part is >= 0 and < Parts)
        {
            (type is StateType.Failed or StateType.Crashed ? _failed : _completed)[(int)part]++;
        }
    }

    /// <summary>What was counted, by part of the time.</summary>
    public IReadOnlyList<EndedTaskRuns> Counts() =>
        [.. _completed.Zip(_failed, (completed, failed) => new EndedTaskRuns(completed, failed))];

    private static DateTimeOffset MinuteOf(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMinute));
    }
}
