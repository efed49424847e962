using System.Text.Json;
using Serverless.Core.States;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests;

public sealed class StateResultsTests
{
    private static readonly Guid Run = new(1, 0, 0, new byte[8]);

    public static TheoryData<ProposedState, Type, string> Failures() =>
        new()
        {
            { ProposedStates.Failed("foo"), typeof(FailedRunException), "foo" },
            { ProposedStates.Crashed("foo"), typeof(CrashedRunException), "foo" },
            { ProposedStates.Cancelled("foo"), typeof(CancelledRunException), "foo" },
            { ProposedStates.Failed(), typeof(FailedRunException), "Run failed." },
            { ProposedStates.TimedOut(), typeof(FailedRunException), "Run failed." },
            { ProposedStates.Crashed(""), typeof(CrashedRunException), "Run crashed." },
            { ProposedStates.Cancelled(), typeof(CancelledRunException), "Run cancelled." },
            { ProposedStates.Failed("message").WithResult("text"), typeof(FailedRunException), "text" },
            { ProposedStates.Failed("message").WithResult(2), typeof(FailedRunException), "message" },
            { ProposedStates.Paused(), typeof(PausedRunException), "Run is paused, its result is not available." },
            { ProposedStates.Scheduled(), typeof(UnfinishedRunException), "Run is in SCHEDULED state, its result is not available." },
            { ProposedStates.Submitting(), typeof(UnfinishedRunException), "Run is in PENDING state, its result is not available." },
            { ProposedStates.Running(), typeof(UnfinishedRunException), "Run is in RUNNING state, its result is not available." },
            { ProposedStates.Cancelling(), typeof(UnfinishedRunException), "Run is in CANCELLING state, its result is not available." },
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Result_NotCompleted_Throws(ProposedState state, Type type, string message)
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
        ProposedStates.Completed().WithResult(5).Result<int>().ShouldBe(5);
        ProposedStates.Cached().WithResult(new Steps.Order(3)).Result<Steps.Order>().Number.ShouldBe(3);
        ProposedStates.Completed().Error().ShouldBeNull();
        ProposedStates.Completed().ThrowIfFailed();
    }

    [Fact]
    public void Result_CompletedWithoutData_IsMissing()
    {
        var state = ProposedStates.Completed();

        Should.Throw<MissingResultException>(() => state.Result<int>()).State.ShouldBe(state);
    }

    [Fact]
    public void Result_FailedWithData_IsReadIfAskedFor()
    {
        ProposedStates.Failed("half").WithResult(2).Result<int>(raiseOnFailure: false).ShouldBe(2);
        Should.Throw<FailedRunException>(() => ProposedStates.Failed("none").Result<int>(raiseOnFailure: false)).Message.ShouldBe("none");
        Should.Throw<PausedRunException>(() => ProposedStates.Paused().WithResult(2).Result<int>(raiseOnFailure: false));
    }

    [Fact]
    public void Error_StateAsResult_IsTheInnerStates()
    {
        var inner = StateOf(StateType.Crashed, "gone");

        var error = ProposedStates.Failed("outer").WithResult(inner).Error();

        error.ShouldBeOfType<CrashedRunException>().Message.ShouldBe("gone");
        error.RunId.ShouldBe(Run);
    }

    [Fact]
    public void Error_StatesAsResult_IsTheFirstFailures()
    {
        State[] states =
        [
            StateOf(StateType.Completed, "fine"),
            StateOf(StateType.Running),
            StateOf(StateType.Cancelled, "stopped"),
            StateOf(StateType.Failed, "late"),
        ];

        var error = ProposedStates.Failed("1/4 states failed.").WithResult(states).Error();

        error.ShouldBeOfType<CancelledRunException>().Message.ShouldBe("stopped");
    }

    [Fact]
    public void FirstError_States_PassesOverThoseThatHaveNotFailed()
    {
        State[] states =
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
        ProposedState[] inner = [ProposedStates.Failed("deep")];

        var error = ProposedStates.Cancelled("outer").WithResult(new[] { ProposedStates.Crashed("middle").WithResult(inner) }).Error();

        error.ShouldBeOfType<FailedRunException>().Message.ShouldBe("deep");
    }

    [Fact]
    public void Error_StatesWithoutAFailure_IsItsOwn()
    {
        State[] states = [StateOf(StateType.Completed), StateOf(StateType.Running)];

        ProposedStates.Failed("1/2 states are not final.").WithResult(states).Error()!.Message.ShouldBe("1/2 states are not final.");
    }

    [Fact]
    public void Error_DataThatOnlyLooksLikeStates_IsNotRead()
    {
        var data = JsonElement.Parse("""[{"type":"FAILED","message":"no state"},{"type":"FAILED","state_details":{}}]""");

        ProposedStates.Failed("own", data: data).Error()!.Message.ShouldBe("own");
    }

    private static State StateOf(StateType type, string? message = null) =>
        new()
        {
            Id = Run,
            Type = type,
            Timestamp = DateTimeOffset.UnixEpoch,
            Message = message,
            StateDetails = new StateDetails { FlowRunId = Guid.Empty, TaskRunId = Run },
        };
}
