using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class FlowPauseRulesTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void HandlePausingFlows_NoState_Aborts()
    {
        var run = bench.FlowRun();

        bench.Propose(run, ProposedStates.Paused()).ShouldBeRefused(SetStateStatus.Abort, "Cannot pause flows with no state.", run);
        bench.Propose(run, ProposedStates.Suspended()).ShouldBeRefused(SetStateStatus.Abort, "Cannot suspend flows with no state.", run);
    }

    [Fact]
    public void HandlePausingFlows_NotRunning_Rejects()
    {
        var run = bench.FlowRun(ProposedStates.Pending());

        bench
            .Propose(run, ProposedStates.Paused())
            .ShouldBeRefused(SetStateStatus.Reject, "Cannot pause flows that are not currently running.", run);
    }

    [Fact]
    public void HandlePausingFlows_SameKeyAgain_Rejects()
    {
        var run = bench.FlowRun(ProposedStates.Running());
        var paused = bench.Propose(run, ProposedStates.Paused(key: "a"));
        paused.ShouldBeAccepted(StateType.Paused, "Paused");
        paused.Run.EmpiricalPolicy.PauseKeys.ShouldBe(["a"]);

        var running = bench.Propose(paused.Run, ProposedStates.Running()).Run;
        bench
            .Propose(running, ProposedStates.Paused(key: "a"))
            .ShouldBeRefused(SetStateStatus.Reject, "This pause has already fired.", running);
        bench.Propose(running, ProposedStates.Paused()).Run.EmpiricalPolicy.PauseKeys.Count.ShouldBe(2);
    }

    [Fact]
    public void HandlePausingFlows_SuspendWithoutDeploymentOrOfSubflow_Aborts()
    {
        var adHoc = bench.FlowRun(ProposedStates.Running());
        var subflow = bench.FlowRun(ProposedStates.Running(), deployed: true) with { ParentTaskRunId = bench.Ids.NewId() };

        bench
            .Propose(adHoc, ProposedStates.Suspended())
            .ShouldBeRefused(SetStateStatus.Abort, "Cannot suspend flows without a deployment.", adHoc);
        bench.Propose(subflow, ProposedStates.Suspended()).ShouldBeRefused(SetStateStatus.Abort, "Cannot suspend subflows.", subflow);
        bench.Propose(subflow, ProposedStates.Paused()).ShouldBeAccepted(StateType.Paused, "Paused");
    }

    [Fact]
    public void HandleResumingPausedFlows_ToRunning_CountsNoAttempt()
    {
        var run = bench.Propose(bench.FlowRun(), ProposedStates.Running()).Run;
        var paused = bench.Propose(run, ProposedStates.Paused(bench.Now.AddHours(1), "a")).Run;

        var resumed = bench.Propose(paused, ProposedStates.Running());

        resumed.ShouldBeAccepted(StateType.Running, "Running");
        resumed.Run.RunCount.ShouldBe(1);
        resumed.Run.EmpiricalPolicy.Resuming.ShouldBe(true);
        resumed.Run.EmpiricalPolicy.PauseKeys.ShouldBe(["a"]);
    }

    [Fact]
    public void HandleResumingPausedFlows_ToRunning_MarksTheRunUntilItLeavesRunning()
    {
        var run = bench.Propose(bench.FlowRun(), ProposedStates.Running()).Run;
        var paused = bench.Propose(run, ProposedStates.Paused(bench.Now.AddHours(1), "a")).Run;
        var resumed = bench.Propose(paused, ProposedStates.Running()).Run;

        var again = bench.Propose(resumed, ProposedStates.Paused(bench.Now.AddHours(1), "b")).Run;
        again.EmpiricalPolicy.Resuming.ShouldBe(false);
        bench.Propose(again, ProposedStates.Running()).Run.EmpiricalPolicy.Resuming.ShouldBe(true);
        bench.Propose(resumed, ProposedStates.Completed()).Run.EmpiricalPolicy.Resuming.ShouldBe(false);
    }

    [Fact]
    public void HandleResumingPausedFlows_SuspendedToScheduled_ResumesWithoutCounting()
    {
        var running = bench.FlowRun(ProposedStates.Running(), deployed: true);
        var suspended = bench.Propose(running, ProposedStates.Suspended());
        suspended.ShouldBeAccepted(StateType.Paused, "Suspended");
        suspended.Written!.StateDetails.PauseReschedule.ShouldBeTrue();

        var resuming = bench.Propose(suspended.Run, ProposedStates.Resuming());
        resuming.ShouldBeAccepted(StateType.Scheduled, "Resuming");
        resuming.Run.EmpiricalPolicy.Resuming.ShouldBe(true);

        var pending = bench.Propose(resuming.Run, ProposedStates.Pending()).Run;
        pending.EmpiricalPolicy.Resuming.ShouldBe(true);
        var again = bench.Propose(pending, ProposedStates.Running()).Run;
        again.RunCount.ShouldBe(1);
        again.EmpiricalPolicy.Resuming.ShouldBe(false);
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Cancelling)]
    public void HandleResumingPausedFlows_Elsewhere_Rejects(StateType to)
    {
        var run = bench.FlowRun(ProposedStates.Paused());

        bench
            .Propose(run, new ProposedState { Type = to })
            .ShouldBeRefused(
                SetStateStatus.Reject,
                $"This run cannot transition to the {to.ToString().ToUpperInvariant()} state from the PAUSED state.",
                run
            );
    }

    [Fact]
    public void HandleResumingPausedFlows_SuspendedWithoutDeployment_Rejects()
    {
        var run = bench.FlowRun(ProposedStates.Suspended());

        bench
            .Propose(run, ProposedStates.Resuming())
            .ShouldBeRefused(SetStateStatus.Reject, "Cannot reschedule a resuming flow run without a deployment.", run);
    }

    [Fact]
    public void HandleResumingPausedFlows_TimedOut_FailsTheRun()
    {
        var run = bench.FlowRun(ProposedStates.Paused(bench.Now.AddSeconds(-1)));

        var outcome = bench.Propose(run, ProposedStates.Running());

        outcome.ShouldBeReplaced("The flow run pause has timed out and can no longer resume.", StateType.Failed, "Failed");
        outcome.Written!.Message.ShouldBe("The flow was paused and never resumed.");
        outcome.Run.EmpiricalPolicy.ShouldBe(FlowRunPolicy.Empty);
        outcome.Run.EndTime.ShouldBe(outcome.Written.Timestamp);
    }

    [Fact]
    public void HandleResumingPausedFlows_AtTheTimeout_StillResumes()
    {
        var run = bench.FlowRun(ProposedStates.Paused(bench.Now));

        bench.Propose(run, ProposedStates.Running()).ShouldBeAccepted(StateType.Running, "Running");
    }
}
