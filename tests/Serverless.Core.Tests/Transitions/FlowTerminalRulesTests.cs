using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class FlowTerminalRulesTests
{
    private const string Loss = "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.";
    private readonly GateBench bench = new();

    private static ProposedState CompletedWith(string data) => ProposedStates.Completed() with { Data = GateBench.Json(data) };

    public static TheoryData<StateType, StateType> FinalToAborted()
    {
        var data = new TheoryData<StateType, StateType>();
        foreach (var from in Enum.GetValues<StateType>().Where(type => type.IsFinal()))
        {
            data.Add(from, StateType.Cancelling);
            data.Add(from, StateType.Paused);
            data.Add(from, StateType.Crashed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(FinalToAborted))]
    public void HandleFlowTerminalStateTransitions_FinalToStopping_Aborts(StateType from, StateType to)
    {
        var run = bench.FlowRun(new ProposedState { Type = from });

        bench
            .Propose(run, new ProposedState { Type = to })
            .ShouldBeRefused(SetStateStatus.Abort, $"Run is already in terminal state {from.ToString().ToUpperInvariant()}.", run);
    }

    [Theory]
    [InlineData("""{"type":"reference"}""", false)]
    [InlineData("""{"type":"unpersisted"}""", true)]
    [InlineData("{}", true)]
    [InlineData("5", true)]
    public void HandleFlowTerminalStateTransitions_CompletedToRunning_NotAfterPersistedResult(string data, bool accepted)
    {
        var run = bench.FlowRun(CompletedWith(data));

        var outcome = bench.Propose(run, ProposedStates.Running());

        if (accepted)
        {
            outcome.ShouldBeAccepted(StateType.Running, "Running");
        }
        else
        {
            outcome.ShouldBeRefused(SetStateStatus.Reject, "Run is already COMPLETED.", run);
        }
    }

    [Fact]
    public void HandleFlowTerminalStateTransitions_CompletedAgainWithoutResult_Rejects()
    {
        var run = bench.FlowRun(CompletedWith("""{"type":"reference"}"""));

        bench.Propose(run, ProposedStates.Completed()).ShouldBeRefused(SetStateStatus.Reject, Loss, run);
        bench.Propose(run, CompletedWith("""{"type":"unpersisted"}""")).ShouldBeRefused(SetStateStatus.Reject, Loss, run);
        bench.Propose(run, CompletedWith("""{"type":"other"}""")).ShouldBeAccepted(StateType.Completed, "Completed");
        bench.Propose(run, CompletedWith("{}")).ShouldBeAccepted(StateType.Completed, "Completed");
    }

    [Fact]
    public void PreventResultDataLoss_ForcedCompletedWithoutResult_Rejects()
    {
        var run = bench.FlowRun(CompletedWith("""{"type":"reference"}"""));

        bench.Propose(run, ProposedStates.Completed(), MinimalFlowPolicy.Instance).ShouldBeRefused(SetStateStatus.Reject, Loss, run);
        bench.Propose(run, ProposedStates.Failed(), MinimalFlowPolicy.Instance).ShouldBeAccepted(StateType.Failed, "Failed");
    }

    [Fact]
    public void HandleFlowTerminalStateTransitions_RescheduleWithoutDeployment_Aborts()
    {
        var run = bench.FlowRun(ProposedStates.Failed());

        bench
            .Propose(run, ProposedStates.Scheduled())
            .ShouldBeRefused(SetStateStatus.Abort, "Cannot reschedule a run without an associated deployment.", run);
    }

    [Theory]
    [InlineData(StateType.Scheduled, "reschedule")]
    [InlineData(StateType.Running, null)]
    public void HandleFlowTerminalStateTransitions_Rerun_ResetsPauses(StateType to, string? retryType)
    {
        var policy = new FlowRunPolicy
        {
            PauseKeys = ["a"],
            Resuming = true,
            RetryType = "in_process",
        };
        var run = bench.FlowRun(ProposedStates.Failed(), policy, deployed: true) with { EmpiricalPolicy = policy };

        var outcome = bench.Propose(run, new ProposedState { Type = to });

        outcome.Status.ShouldBe(SetStateStatus.Accept);
        outcome.Run.EmpiricalPolicy.PauseKeys.ShouldBeEmpty();
        outcome.Run.EmpiricalPolicy.Resuming.ShouldBe(false);
        outcome.Run.EmpiricalPolicy.RetryType.ShouldBe(retryType);
        outcome.Run.EndTime.ShouldBeNull();
    }

    [Fact]
    public void HandleFlowTerminalStateTransitions_OverruledByLaterRule_UndoesReset()
    {
        var policy = new FlowRunPolicy { PauseKeys = ["a"] };
        var run = bench.FlowRun(ProposedStates.Failed(), policy, deployed: true);

        bench
            .Propose(run, ProposedStates.Late(bench.Now))
            .ShouldBeRefused(SetStateStatus.Reject, "Only scheduled flows can be marked late.", run);
    }

    [Theory]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Scheduled)]
    public void KeepFinalFlowStates_AnyProposalOfTheEngine_Aborts(StateType to)
    {
        var run = bench.FlowRun(ProposedStates.Cancelled(), deployed: true);

        bench
            .Propose(run, new ProposedState { Type = to }, EngineFlowPolicy.Instance)
            .ShouldBeRefused(SetStateStatus.Abort, "Run is already in terminal state CANCELLED.", run);
    }
}
