using System.Text.Json;
using Serverless.Core.States;

namespace Serverless.Core.Tests.States;

public sealed class ProposedStatesTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly JsonElement Five = JsonElement.Parse("5");
    private static readonly StateDetails Details = new() { CacheKey = "k", RefreshCache = true };

    public static TheoryData<Func<string?, JsonElement?, StateDetails?, ProposedState>, StateType, string> All() =>
        new()
        {
            {
                (message, data, details) => ProposedStates.Scheduled(Time, message, data: data, details: details),
                StateType.Scheduled,
                "Scheduled"
            },
            { (message, data, details) => ProposedStates.Late(Time, message, data, details), StateType.Scheduled, "Late" },
            {
                (message, data, details) => ProposedStates.AwaitingRetry(Time, message, data, details),
                StateType.Scheduled,
                "AwaitingRetry"
            },
            {
                (message, data, details) => ProposedStates.AwaitingConcurrencySlot(Time, message, data, details),
                StateType.Scheduled,
                "AwaitingConcurrencySlot"
            },
            { (message, data, details) => ProposedStates.Resuming(Time, message, data, details), StateType.Scheduled, "Resuming" },
            { (message, data, details) => ProposedStates.Pending(message, data: data, details: details), StateType.Pending, "Pending" },
            { ProposedStates.Submitting, StateType.Pending, "Submitting" },
            { ProposedStates.InfrastructurePending, StateType.Pending, "InfrastructurePending" },
            { (message, data, details) => ProposedStates.Running(message, data: data, details: details), StateType.Running, "Running" },
            { ProposedStates.Retrying, StateType.Running, "Retrying" },
            { ProposedStates.Rerunning, StateType.Running, "Rerunning" },
            {
                (message, data, details) => ProposedStates.Paused(Time, "key", message, data: data, details: details),
                StateType.Paused,
                "Paused"
            },
            {
                (message, data, details) => ProposedStates.Suspended(Time, "key", message, data: data, details: details),
                StateType.Paused,
                "Suspended"
            },
            { ProposedStates.NotReady, StateType.Paused, "NotReady" },
            {
                (message, data, details) => ProposedStates.Cancelling(message, data: data, details: details),
                StateType.Cancelling,
                "Cancelling"
            },
            {
                (message, data, details) => ProposedStates.Cancelled(message, data: data, details: details),
                StateType.Cancelled,
                "Cancelled"
            },
            {
                (message, data, details) => ProposedStates.Completed(message, data: data, details: details),
                StateType.Completed,
                "Completed"
            },
            { ProposedStates.Cached, StateType.Completed, "Cached" },
            { ProposedStates.RolledBack, StateType.Completed, "RolledBack" },
            { (message, data, details) => ProposedStates.Failed(message, data: data, details: details), StateType.Failed, "Failed" },
            { ProposedStates.TimedOut, StateType.Failed, "TimedOut" },
            { (message, data, details) => ProposedStates.Crashed(message, data: data, details: details), StateType.Crashed, "Crashed" },
        };

    [Theory]
    [MemberData(nameof(All))]
    public void Factory_Nothing_HasTypeNameAndTimes(
        Func<string?, JsonElement?, StateDetails?, ProposedState> make,
        StateType type,
        string name
    )
    {
        var isPause = name is "Paused" or "Suspended";

        make(null, null, null)
            .ShouldBe(
                new ProposedState
                {
                    Type = type,
                    Name = name,
                    StateDetails = new StateDetails
                    {
                        ScheduledTime = type == StateType.Scheduled ? Time : null,
                        PauseTimeout = isPause ? Time : null,
                        PauseKey = isPause ? "key" : null,
                        PauseReschedule = name == "Suspended",
                    },
                }
            );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Factory_MessageDataAndDetails_KeepsThem(
        Func<string?, JsonElement?, StateDetails?, ProposedState> make,
        StateType type,
        string name
    )
    {
        var state = make("why", Five, Details);

        state.Name.ShouldBe(name);
        state.Type.ShouldBe(type);
        state.Message.ShouldBe("why");
        state.Data.ShouldBe(Five);
        state.StateDetails.CacheKey.ShouldBe("k");
        state.StateDetails.RefreshCache.ShouldBe(true);
    }

    [Fact]
    public void Factory_NameOfOnesOwn_KeepsTheType()
    {
        ProposedState[] named =
        [
            ProposedStates.Scheduled(name: "mine"),
            ProposedStates.Pending(name: "mine"),
            ProposedStates.Running(name: "mine"),
            ProposedStates.Paused(name: "mine"),
            ProposedStates.Cancelling(name: "mine"),
            ProposedStates.Cancelled(name: "mine"),
            ProposedStates.Completed(name: "mine"),
            ProposedStates.Failed(name: "mine"),
            ProposedStates.Crashed(name: "mine"),
        ];

        named.ShouldAllBe(state => state.Name == "mine");
        named.Select(state => state.Type).ShouldBe(Enum.GetValues<StateType>(), ignoreOrder: true);
    }

    [Fact]
    public void Scheduled_TimeTwice_Throws()
    {
        var details = new StateDetails { ScheduledTime = Time };

        Should
            .Throw<ArgumentException>(() => ProposedStates.Scheduled(Time, details: details))
            .Message.ShouldStartWith("The details already have a scheduled time.");
        Should.Throw<ArgumentException>(() => ProposedStates.Late(Time, details: details));
        Should.Throw<ArgumentException>(() => ProposedStates.AwaitingRetry(Time, details: details));
        Should.Throw<ArgumentException>(() => ProposedStates.AwaitingConcurrencySlot(Time, details: details));
        Should.Throw<ArgumentException>(() => ProposedStates.Resuming(Time, details: details));
    }

    [Fact]
    public void Scheduled_TimeInTheDetailsAlone_IsTheTime() =>
        ProposedStates.Late(details: new StateDetails { ScheduledTime = Time }).StateDetails.ScheduledTime.ShouldBe(Time);

    [Fact]
    public void Scheduled_NoTime_IsLeftToTheGate() => ProposedStates.Scheduled().StateDetails.ScheduledTime.ShouldBeNull();

    [Fact]
    public void Paused_ExpirationAndTimeout_Throws()
    {
        var clock = new StandingClock();

        Should
            .Throw<ArgumentException>(() => ProposedStates.Paused(Time, timeout: TimeSpan.FromSeconds(1), time: clock))
            .Message.ShouldStartWith("A pause has either an expiration time or a timeout, not both.");
        Should.Throw<ArgumentException>(() => ProposedStates.Suspended(Time, timeout: TimeSpan.FromSeconds(1), time: clock));
    }

    [Fact]
    public void Paused_TimeoutInTheDetails_Throws()
    {
        var details = new StateDetails { PauseTimeout = Time };

        Should
            .Throw<ArgumentException>(() => ProposedStates.Paused(details: details))
            .Message.ShouldStartWith("The details already have a pause timeout.");
        Should.Throw<ArgumentException>(() => ProposedStates.Suspended(Time, details: details));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(0)]
    public void Paused_Timeout_CountsFromNow(int seconds)
    {
        var clock = new StandingClock();

        var paused = ProposedStates.Paused(timeout: TimeSpan.FromSeconds(seconds), time: clock, reschedule: true);

        paused.StateDetails.PauseTimeout.ShouldBe(Time.AddSeconds(seconds));
        paused.StateDetails.PauseReschedule.ShouldBeTrue();
        ProposedStates
            .Suspended(timeout: TimeSpan.FromSeconds(seconds), time: clock)
            .StateDetails.PauseTimeout.ShouldBe(Time.AddSeconds(seconds));
    }

    [Fact]
    public void Paused_TimeoutWithoutClock_Throws() =>
        Should.Throw<ArgumentNullException>(() => ProposedStates.Paused(timeout: TimeSpan.FromSeconds(1))).ParamName.ShouldBe("time");

    [Fact]
    public void Paused_NoEnd_WaitsForEver() => ProposedStates.Paused().StateDetails.ShouldBe(StateDetails.Empty);

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Time;
    }
}
