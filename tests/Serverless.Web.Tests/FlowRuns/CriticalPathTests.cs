using Serverless.Core.States;
using Serverless.Web.FlowRuns;

namespace Serverless.Web.Tests.FlowRuns;

public sealed class CriticalPathTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_RunsThatTakeResults_FollowsTheLastOfThoseThatTheyTook()
    {
        var slow = Row(0, 10);
        var quick = Row(0, 10.5);
        var joined = Row(11, 20, slow);
        var other = Row(11, 15, quick);

        CriticalPath.Of([slow, quick, joined, other]).ShouldBe([joined.Id, slow.Id], ignoreOrder: true);
    }

    [Fact]
    public void Of_RunsLineByLine_FollowsWhatEndedBefore()
    {
        var first = Row(0, 1);
        var beside = Row(0, 0.5);
        var second = Row(1, 3);

        CriticalPath.Of([first, beside, second]).ShouldBe([first.Id, second.Id], ignoreOrder: true);
    }

    [Fact]
    public void Of_NothingThatBegan_IsEmpty() => CriticalPath.Of([Row(0, 0) with { Parts = [] }]).ShouldBeEmpty();

    [Fact]
    public void Of_RunsThatTakeEachOther_Ends()
    {
        var one = Row(0, 1);
        var other = Row(0, 1, one);

        CriticalPath.Of([one with { After = [other.Id] }, other]).Count.ShouldBe(2);
    }

    private static TimelineRow Row(double start, double end, params TimelineRow[] after) =>
        new(
            Guid.NewGuid(),
            "task",
            "/",
            StateType.Completed,
            "Completed",
            IsSubflow: false,
            [new TimelinePart(Start.AddSeconds(start), Start.AddSeconds(end), "completed")],
            [.. after.Select(row => row.Id)],
            Attempts: 1
        );
}
