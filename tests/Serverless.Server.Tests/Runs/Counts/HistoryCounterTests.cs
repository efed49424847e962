using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

public sealed class HistoryCounterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_AtTheBorders_CountsInTheIntervalThatBeginsThere()
    {
        var counter = Of(TimeSpan.FromMinutes(3), seconds: 60);
        foreach (var seconds in new[] { -0.000001, 0, 59.999999, 60, 119.999999, 120, 179.999999, 180 })
        {
            counter.Add(Run(Start.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))));
        }

        counter.Intervals().Select(Count).ShouldBe([2, 2, 2]);
    }

    [Fact]
    public void Add_States_AreCountedByTypeAndName()
    {
        var counter = Of(TimeSpan.FromMinutes(1), seconds: 60);
        counter.Add(Run(Start, StateType.Scheduled, "Late", runTime: 0, lateness: 5));
        counter.Add(Run(Start, StateType.Running, "Running", runTime: 2.5, lateness: 1));
        counter.Add(Run(Start, StateType.Running, "Running", runTime: 4, lateness: 0.5));
        counter.Add(Run(Start, StateType.Running, "Retrying", runTime: -1, lateness: -1));
        counter.Add(Run(Start, null, null));
        counter.Add(Run(null, StateType.Running, "Running"));

        counter
            .Intervals()
            .ShouldHaveSingleItem()
            .States.ShouldBe([
                new HistoryState(StateType.Running, "Retrying", 1, 0, 0),
                new HistoryState(StateType.Running, "Running", 2, 6.5, 1.5),
                new HistoryState(StateType.Scheduled, "Late", 1, 0, 5),
            ]);
    }

    [Theory]
    [InlineData(0, 60, 0)]
    [InlineData(-5, 60, 0)]
    [InlineData(60, 60, 1)]
    [InlineData(60.000001, 60, 2)]
    [InlineData(150, 60, 3)]
    [InlineData(499, 1, 499)]
    [InlineData(100000, 1, 500)]
    [InlineData(60, 1e300, 1)]
    public void Intervals_CoverTheTime_UpToTheMost(double span, double seconds, int count)
    {
        var intervals = new HistoryCounter(Query(Start.AddTicks((long)Math.Round(span * TimeSpan.TicksPerSecond)), seconds)).Intervals();

        intervals.Count.ShouldBe(count);
        for (var index = 1; index < count; index++)
        {
            intervals[index].IntervalStart.ShouldBe(intervals[index - 1].IntervalEnd);
        }
    }

    [Fact]
    public void Intervals_TheLast_IsAsLongAsTheOthers()
    {
        var last = new HistoryCounter(Query(Start.AddSeconds(70), 60)).Intervals()[^1];

        (last.IntervalStart, last.IntervalEnd).ShouldBe((Start.AddSeconds(60), Start.AddSeconds(120)));
    }

    [Fact]
    public void Intervals_AtTheEndOfTime_EndThere()
    {
        HistoryQuery query = new()
        {
            HistoryStart = DateTimeOffset.MaxValue.AddSeconds(-90),
            HistoryEnd = DateTimeOffset.MaxValue,
            HistoryIntervalSeconds = 60,
        };

        new HistoryCounter(query).Intervals()[^1].IntervalEnd.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_LessThanASecond_IsRefused(double seconds) =>
        Should
            .Throw<RequestRefusedException>(() => new HistoryCounter(Query(Start.AddDays(1), seconds)))
            .Message.ShouldBe("History interval must not be less than 1 second.");

    [Fact]
    public void Narrow_LeavesOutOtherTimes_WhereAllCriteriaHaveToMatch()
    {
        HistoryCounter counter = new(Query(Start.AddSeconds(70), 60));

        counter.Narrow((FlowRunFilter?)null)!.ExpectedStartTime.ShouldBe(new TimeFilter { After = Start, Before = Start.AddSeconds(120) });
        counter.Narrow(new TaskRunFilter())!.ExpectedStartTime!.After.ShouldBe(Start);
        counter.Narrow(new FlowRunFilter { Operator = Operator.Or })!.ExpectedStartTime.ShouldBeNull();
        TimeFilter given = new() { IsNull = false };
        counter.Narrow(new FlowRunFilter { ExpectedStartTime = given })!.ExpectedStartTime.ShouldBe(given);
    }

    private static HistoryCounter Of(TimeSpan span, double seconds) => new(Query(Start + span, seconds));

    private static HistoryQuery Query(DateTimeOffset end, double seconds) =>
        new()
        {
            HistoryStart = Start,
            HistoryEnd = end,
            HistoryIntervalSeconds = seconds,
        };

    private static CountedRun Run(
        DateTimeOffset? expected,
        StateType? type = StateType.Pending,
        string? name = null,
        double runTime = 0,
        double lateness = 0
    ) => new(expected, type, name, runTime, lateness);

    private static int Count(HistoryInterval interval) => interval.States.Sum(state => state.CountRuns);
}
