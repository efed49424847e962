using System.Net;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>
/// Counts runs by the interval in which they were expected to start, and by the state that they are in now. An interval contains its start
/// and not its end. Takes the runs one by one, in any order, and keeps only the counts.
/// </summary>
internal sealed class HistoryCounter
{
    /// <summary>The most intervals; later ones are left out, as in Prefect.</summary>
    public const int MostIntervals = 500;

    /// <summary>About what a count takes in memory and in the answer.</summary>
    private const int BytesOfCount = 400;

    private readonly DateTimeOffset _start;
    private readonly long _step;
    private readonly Dictionary<(StateType Type, string Name), Sums>?[] _counts;

    /// <summary>Divides the time of a query into intervals.</summary>
    /// <exception cref="RequestRefusedException">The intervals are shorter than a second.</exception>
    public HistoryCounter(HistoryQuery query)
    {
        if (query.HistoryIntervalSeconds < 1)
        {
            throw new RequestRefusedException(HttpStatusCode.UnprocessableContent, "History interval must not be less than 1 second.");
        }

        // Times of the wire have microseconds. A step beyond all time is one interval.
        var microseconds = Math.Round(Math.Min(query.HistoryIntervalSeconds, TimeSpan.MaxValue.TotalSeconds / 2) * 1_000_000);
        _start = query.HistoryStart.ToUniversalTime();
        _step = (long)microseconds * TimeSpan.TicksPerMicrosecond;
        var span = query.HistoryEnd - query.HistoryStart;
        var count = span <= TimeSpan.Zero ? 0 : ((span.Ticks - 1) / _step) + 1;
        _counts = new Dictionary<(StateType, string), Sums>?[Math.Min(count, MostIntervals)];
    }

    /// <summary>When the last interval ends.</summary>
    public DateTimeOffset End => BorderOf(_counts.Length);

    /// <summary>The filter on flow runs that leaves out those of other times, as far as a filter can say that.</summary>
    public FlowRunFilter? Narrow(FlowRunFilter? filter) =>
        filter switch
        {
            null => new FlowRunFilter { ExpectedStartTime = Span },
            { Operator: Operator.And, ExpectedStartTime: null } => filter with { ExpectedStartTime = Span },
            _ => filter,
        };

    /// <inheritdoc cref="Narrow(FlowRunFilter?)"/>
    public TaskRunFilter? Narrow(TaskRunFilter? filter) =>
        filter switch
        {
            null => new TaskRunFilter { ExpectedStartTime = Span },
            { Operator: Operator.And, ExpectedStartTime: null } => filter with { ExpectedStartTime = Span },
            _ => filter,
        };

    /// <summary>Counts a run.</summary>
    public void Add(CountedRun run)
    {
        if (run is not { ExpectedStart: { } expected, StateType: { } type } || expected < _start || expected >= End)
        {
            return;
        }

        Add((int)((expected - _start).Ticks / _step), type, run.StateName, 1, Math.Max(0, run.RunTime), Math.Max(0, run.Lateness));
    }

    /// <summary>Counts runs of an interval that are in the same state.</summary>
    public void Add(int interval, StateType type, string? stateName, long count, double runTime, double lateness)
    {
        var counts = _counts[interval] ??= [];
        var state = (type, stateName ?? type.DefaultName());
        if (!counts.TryGetValue(state, out var sums))
        {
            AnswerMemory.Take(BytesOfCount, fit: 0);
            counts.Add(state, sums = new Sums());
        }

        sums.Count += (int)count;
        sums.RunTime += runTime;
        sums.Lateness += lateness;
    }

    /// <summary>The intervals, by a column.</summary>
    public ColumnIntervals IntervalsOf(Column time) => new(time, _start, TimeSpan.FromTicks(_step), _counts.Length);

    /// <summary>The intervals with what was counted, in their order; those without runs are there, too.</summary>
    public IReadOnlyList<HistoryInterval> Intervals() =>
        [
            .. _counts.Select(
                (counts, index) => new HistoryInterval(BorderOf(index), BorderOf(index + 1), counts is null ? [] : [.. StatesOf(counts)])
            ),
        ];

    private TimeFilter Span => new() { After = _start, Before = End };

    private static IEnumerable<HistoryState> StatesOf(Dictionary<(StateType Type, string Name), Sums> counts) =>
        from entry in counts
        orderby WireTypes[entry.Key.Type], entry.Key.Name
        select new HistoryState(entry.Key.Type, entry.Key.Name, entry.Value.Count, entry.Value.RunTime, entry.Value.Lateness);

    private static readonly Dictionary<StateType, string> WireTypes = Enum.GetValues<StateType>()
        .ToDictionary(type => type, type => type.ToString());

    private DateTimeOffset BorderOf(int index) =>
        _start.UtcTicks + ((Int128)_step * index) is var ticks && ticks < DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
            : DateTimeOffset.MaxValue;

    private sealed class Sums
    {
        public int Count { get; set; }

        public double RunTime { get; set; }

        public double Lateness { get; set; }
    }
}
