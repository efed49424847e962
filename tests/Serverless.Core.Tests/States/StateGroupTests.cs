using Serverless.Core.States;

namespace Serverless.Core.Tests.States;

public sealed class StateGroupTests
{
    public static TheoryData<StateType[], StateType, string> Aggregates() =>
        new()
        {
            { [StateType.Completed], StateType.Completed, "All states completed." },
            { [StateType.Completed, StateType.Completed], StateType.Completed, "All states completed." },
            { [StateType.Completed, StateType.Failed, StateType.Crashed], StateType.Failed, "2/3 states failed." },
            { [StateType.Failed, StateType.Cancelled, StateType.Paused], StateType.Cancelled, "1/3 states cancelled." },
            { [StateType.Failed, StateType.Completed, StateType.Paused], StateType.Paused, "1/3 states paused." },
            { [StateType.Running, StateType.Failed, StateType.Pending], StateType.Failed, "1/3 states failed." },
            { [StateType.Completed, StateType.Running, StateType.Pending], StateType.Failed, "2/3 states are not final." },
            { [StateType.Scheduled], StateType.Failed, "1/1 states are not final." },
            { [StateType.Cancelling, StateType.Completed], StateType.Failed, "1/2 states are not final." },
        };

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void Aggregate_States_GivesTypeAndMessage(StateType[] types, StateType type, string message)
    {
        var state = GroupOf(types).Aggregate();

        state.Type.ShouldBe(type);
        state.Name.ShouldBe(type.ToString());
        state.Message.ShouldBe(message);
        state.StateDetails.ShouldBe(StateDetails.Empty);
    }

    [Fact]
    public void Counts_MixedStates_AreExact()
    {
        var group = GroupOf(StateType.Failed, StateType.Running, StateType.Crashed, StateType.Running, StateType.Completed);

        group.TotalCount.ShouldBe(5);
        group.FinalCount.ShouldBe(3);
        group.NotFinalCount.ShouldBe(2);
        group.FailCount.ShouldBe(2);
        group.CountOf(StateType.Running).ShouldBe(2);
        group.CountOf(StateType.Paused).ShouldBe(0);
    }

    [Fact]
    public void ToString_MixedStates_CountsInTheirOrder()
    {
        GroupOf(StateType.Failed, StateType.Running, StateType.Crashed, StateType.Running)
            .ToString()
            .ShouldBe("StateGroup<total=4, not_final=2, 'FAILED'=1, 'RUNNING'=2, 'CRASHED'=1>");
        GroupOf(StateType.Completed).ToString().ShouldBe("StateGroup<total=1, 'COMPLETED'=1>");
    }

    [Fact]
    public void Constructor_NoStates_Throws() => Should.Throw<ArgumentException>(() => GroupOf());

    private static StateGroup GroupOf(params StateType[] types) => new(types.Select(type => new ProposedState { Type = type }));
}
