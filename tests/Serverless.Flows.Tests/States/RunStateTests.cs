using System.Text.Json;
using Serverless.Core.States;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.States;

public sealed class RunStateTests
{
    private static readonly Guid Run = new(1, 0, 0, new byte[8]);

    public static TheoryData<RunState, Type, string> Failures() =>
        new()
        {
            { RunState.Failed("foo"), typeof(FailedRunException), "foo" },
            { RunState.Crashed("foo"), typeof(CrashedRunException), "foo" },
            { RunState.Cancelled("foo"), typeof(CancelledRunException), "foo" },
            { RunState.Failed(), typeof(FailedRunException), "Run failed." },
            { new RunState(ProposedStates.TimedOut()), typeof(FailedRunException), "Run failed." },
            { RunState.Crashed(""), typeof(CrashedRunException), "Run crashed." },
            { RunState.Cancelled(), typeof(CancelledRunException), "Run cancelled." },
            { RunState.Failed("message").WithResult("text"), typeof(FailedRunException), "text" },
            { RunState.Failed("message").WithResult(2), typeof(FailedRunException), "message" },
            { RunState.Paused(), typeof(PausedRunException), "Run is paused, its result is not available." },
            { RunState.Scheduled(), typeof(UnfinishedRunException), "Run is in SCHEDULED state, its result is not available." },
            {
                new RunState(ProposedStates.Submitting()),
                typeof(UnfinishedRunException),
                "Run is in PENDING state, its result is not available."
            },
            {
                new RunState(ProposedStates.Running()),
                typeof(UnfinishedRunException),
                "Run is in RUNNING state, its result is not available."
            },
            {
                new RunState(ProposedStates.Cancelling()),
                typeof(UnfinishedRunException),
                "Run is in CANCELLING state, its result is not available."
            },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Result_NotCompleted_Throws(RunState state, Type type, string message)
    {
        var error = state.Error().ShouldNotBeNull();

        error.ShouldBeOfType(type);
        error.Message.ShouldBe(message);
        error.State.ShouldBe(state);
        error.Name.ShouldBeNull();
        Should.Throw<RunException>(() => state.Result<int>()).Message.ShouldBe(message);
        Should.Throw<RunException>(state.ThrowIfFailed).Message.ShouldBe(message);
    }

    [Fact]
    public void Result_Completed_IsTyped()
    {
        RunState.Completed().WithResult(5).Result<int>().ShouldBe(5);
        new RunState(ProposedStates.Cached()).WithResult(new Steps.Order(3)).Result<Steps.Order>().Number.ShouldBe(3);
        RunState.Completed().Error().ShouldBeNull();
        RunState.Completed().ThrowIfFailed();
    }

    [Fact]
    public void Result_CompletedWithoutData_IsMissing()
    {
        var state = RunState.Completed();

        Should.Throw<MissingResultException>(() => state.Result<int>()).State.ShouldBe(state);
    }

    [Fact]
    public void Result_FailedWithData_IsReadIfAskedFor()
    {
        RunState.Failed("half").WithResult(2).Result<int>(raiseOnFailure: false).ShouldBe(2);
        Should.Throw<FailedRunException>(() => RunState.Failed("none").Result<int>(raiseOnFailure: false)).Message.ShouldBe("none");
        Should.Throw<PausedRunException>(() => RunState.Paused().WithResult(2).Result<int>(raiseOnFailure: false));
    }

    [Fact]
    public void Error_StateAsResult_IsTheInnerStates()
    {
        var inner = StateOf(StateType.Crashed, "gone");

        var error = RunState.Failed("outer").WithResult(inner).Error();

        error.ShouldBeOfType<CrashedRunException>().Message.ShouldBe("gone");
        error.RunId.ShouldBe(Run);
    }

    [Fact]
    public void Error_StatesAsResult_IsTheFirstFailures()
    {
        RunState[] states =
        [
            StateOf(StateType.Completed, "fine"),
            StateOf(StateType.Running),
            StateOf(StateType.Cancelled, "stopped"),
            StateOf(StateType.Failed, "late"),
        ];

        var error = RunState.Failed("1/4 states failed.").WithResult(states).Error();

        error.ShouldBeOfType<CancelledRunException>().Message.ShouldBe("stopped");
    }

    [Fact]
    public void FirstError_States_PassesOverThoseThatHaveNotFailed()
    {
        RunState[] states =
        [
            StateOf(StateType.Completed),
            StateOf(StateType.Paused),
            StateOf(StateType.Crashed, "gone"),
            StateOf(StateType.Failed, "late"),
        ];

        states.FirstError().ShouldBeOfType<CrashedRunException>().Message.ShouldBe("gone");
        states.Take(2).FirstError().ShouldBeNull();
    }

    [Fact]
    public void Error_StatesInStates_IsTheInnermostFailures()
    {
        RunState[] inner = [RunState.Failed("deep")];

        var error = RunState.Cancelled("outer").WithResult(new[] { RunState.Crashed("middle").WithResult(inner) }).Error();

        error.ShouldBeOfType<FailedRunException>().Message.ShouldBe("deep");
    }

    [Fact]
    public void Error_StatesWithoutAFailure_IsItsOwn()
    {
        RunState[] states = [StateOf(StateType.Completed), StateOf(StateType.Running)];

        RunState.Failed("1/2 states are not final.").WithResult(states).Error()!.Message.ShouldBe("1/2 states are not final.");
    }

    [Fact]
    public void Error_DataThatOnlyLooksLikeStates_IsNotRead()
    {
        var data = JsonElement.Parse("""[{"type":"FAILED","message":"no state"},{"type":"FAILED","state_details":{}}]""");

        new RunState(ProposedStates.Failed("own", data: data)).Error()!.Message.ShouldBe("own");
    }

    [Fact]
    public void Json_StateOfARunAndMadeOne_StayWhatTheyAre()
    {
        RunState[] states = [StateOf(StateType.Failed, "late"), RunState.Completed("mine").WithResult(5)];

        var read = JsonSerializer.Deserialize<RunState[]>(JsonSerializer.Serialize(states, FlowJson.Options), FlowJson.Options)!;

        read.ShouldBe(states);
        read.Select(state => state.RunId).ShouldBe([Run, null]);
        read[0].Timestamp.ShouldBe(DateTimeOffset.UnixEpoch);
        read[1].Timestamp.ShouldBeNull();
        read[1].Result<int>().ShouldBe(5);
        Should.Throw<InvalidOperationException>(() => read[0].WithResult(5)).Message.ShouldContain("has its result already");
    }

    [Fact]
    public void Type_EachOfTheServers_HasItsName() =>
        Enum.GetValues<RunStateType>()
            .Select(type => $"{(int)type} {type}")
            .ShouldBe(Enum.GetValues<StateType>().Select(type => $"{(int)type} {type}"));

    private static RunState StateOf(StateType type, string? message = null) =>
        new(
            new State
            {
                Id = Run,
                Type = type,
                Timestamp = DateTimeOffset.UnixEpoch,
                Message = message,
                StateDetails = new StateDetails { FlowRunId = Guid.Empty, TaskRunId = Run },
            }
        );
}
