using Serverless.Core.Models;
using Serverless.Server.Concurrency;

namespace Serverless.Server.Tests.Concurrency;

public sealed class SlotContenderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <param name="contenders">Oldest first: h holds a slot, w waits.</param>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="expected">The places of those that give way.</param>
    [Theory]
    [InlineData("", 1, "")]
    [InlineData("h", 1, "")]
    [InlineData("w", 1, "")]
    [InlineData("hw", 1, "0")]
    [InlineData("hw", 2, "")]
    [InlineData("wh", 1, "")]
    [InlineData("wwh", 1, "0")]
    [InlineData("hww", 1, "01")]
    [InlineData("whw", 1, "01")]
    [InlineData("hhw", 2, "0")]
    [InlineData("hhww", 2, "01")]
    [InlineData("hwh", 2, "0")]
    [InlineData("whh", 2, "")]
    [InlineData("hhh", 2, "")]
    [InlineData("hhhhw", 3, "01")]
    public void Outdated_SlotsAndWaitingRuns_OnlyOlderOnesThanAWaitingOneGiveWay(string contenders, int slots, string expected)
    {
        var all = contenders.Select((kind, place) => new SlotContender(Run(Noon.AddMinutes(place)), kind == 'w')).ToList();

        var outdated = SlotContender.Outdated(all, slots);

        string.Concat(outdated.Select(run => all.FindIndex(contender => contender.Run == run))).ShouldBe(expected);
        SlotContender.Outdated(all.AsEnumerable().Reverse(), slots).ShouldBe(outdated, "in any order");
    }

    [Fact]
    public void Outdated_SameExpectedStart_TheOneCreatedFirstGivesWayThenThatOfTheLowerId()
    {
        var first = Run(Noon) with { Id = Guid.AllBitsSet, Created = Noon.AddHours(-2) };
        var second = Run(Noon) with { Id = new Guid("00000000-0000-0000-0000-000000000001"), Created = Noon.AddHours(-1) };
        var third = second with { Id = new Guid("00000000-0000-0000-0000-000000000002") };

        SlotContender
            .Outdated([new(second, false), new(third, true), new(first, false)], 1)
            .Select(run => run.Id)
            .ShouldBe([first.Id, second.Id]);
    }

    private static FlowRun Run(DateTimeOffset expected) =>
        new()
        {
            Id = Guid.NewGuid(),
            Name = "run",
            FlowId = Guid.Empty,
            ExpectedStartTime = expected,
            Created = Noon.AddDays(-1),
        };
}
