using Serverless.Core.States;

namespace Serverless.Core.Tests.States;

public sealed class ProposedStatesTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<ProposedState, StateType, string> All() => new()
    {
        { ProposedStates.Scheduled(Time), StateType.Scheduled, "Scheduled" },
        { ProposedStates.Late(Time), StateType.Scheduled, "Late" },
        { ProposedStates.AwaitingRetry(Time), StateType.Scheduled, "AwaitingRetry" },
        { ProposedStates.AwaitingConcurrencySlot(Time), StateType.Scheduled, "AwaitingConcurrencySlot" },
        { ProposedStates.Resuming(Time), StateType.Scheduled, "Resuming" },
        { ProposedStates.Pending(), StateType.Pending, "Pending" },
        { ProposedStates.Submitting(), StateType.Pending, "Submitting" },
        { ProposedStates.InfrastructurePending(), StateType.Pending, "InfrastructurePending" },
        { ProposedStates.Running(), StateType.Running, "Running" },
        { ProposedStates.Retrying(), StateType.Running, "Retrying" },
        { ProposedStates.Paused(Time), StateType.Paused, "Paused" },
        { ProposedStates.Suspended(Time), StateType.Paused, "Suspended" },
        { ProposedStates.Cancelling(), StateType.Cancelling, "Cancelling" },
        { ProposedStates.Cancelled(), StateType.Cancelled, "Cancelled" },
        { ProposedStates.Completed(), StateType.Completed, "Completed" },
        { ProposedStates.Failed(), StateType.Failed, "Failed" },
        { ProposedStates.TimedOut(), StateType.Failed, "TimedOut" },
        { ProposedStates.Crashed(), StateType.Crashed, "Crashed" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Factory_Each_HasTypeAndName(ProposedState state, StateType type, string name)
    {
        state.Type.ShouldBe(type);
        state.Name.ShouldBe(name);
        state.StateDetails.ScheduledTime.ShouldBe(type == StateType.Scheduled ? Time : null);
        state.StateDetails.PauseTimeout.ShouldBe(type == StateType.Paused ? Time : null);
        state.StateDetails.PauseReschedule.ShouldBe(name == "Suspended");
    }

    [Fact]
    public void DefaultName_EachType_IsItsName()
    {
        foreach (var type in Enum.GetValues<StateType>())
        {
            type.DefaultName().ShouldBe(type.ToString());
        }
    }

    [Fact]
    public void IsFinal_EachType_OnlyForTheFourEnds() =>
        Enum.GetValues<StateType>().Where(type => type.IsFinal()).ShouldBe(
            [StateType.Completed, StateType.Failed, StateType.Cancelled, StateType.Crashed], ignoreOrder: true);
}
