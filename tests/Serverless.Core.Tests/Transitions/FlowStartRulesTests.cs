using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class FlowStartRulesTests
{
    private readonly GateBench bench = new();

    [Fact]
    public void PreventDuplicateTransitions_SameTransitionId_RejectsWithCurrentState()
    {
        var proposed = ProposedStates.Pending() with { StateDetails = new StateDetails { TransitionId = bench.Ids.NewId() } };
        var run = bench.FlowRun(proposed);

        var outcome = bench.Propose(run, proposed);

        outcome.ShouldBeRefused(SetStateStatus.Reject, "This run has already made this state transition.", run);
        outcome.Current.ShouldBe(run.State);
    }

    [Theory]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Cancelled)]
    public void PreventPendingTransitions_SubmittedTwice_Aborts(StateType from)
    {
        var run = bench.FlowRun(new ProposedState { Type = from });

        bench
            .Propose(run, ProposedStates.Pending())
            .ShouldBeRefused(
                SetStateStatus.Abort,
                $"This run is in a {from.ToString().ToUpperInvariant()} state and cannot transition to a PENDING state.",
                run
            );
    }

    [Fact]
    public void PreventPendingTransitions_NextStageOfSubmitting_AcceptsWithScheduledTime()
    {
        var due = bench.Now.AddHours(-1);
        var run = bench.FlowRun(ProposedStates.Pending() with { StateDetails = new StateDetails { ScheduledTime = due } });

        var outcome = bench.Propose(run, ProposedStates.Submitting());

        outcome.ShouldBeAccepted(StateType.Pending, "Submitting");
        outcome.Written!.StateDetails.ScheduledTime.ShouldBe(due);
        bench.Propose(outcome.Run, ProposedStates.Submitting()).Status.ShouldBe(SetStateStatus.Abort);
        bench.Propose(outcome.Run, ProposedStates.Pending()).Status.ShouldBe(SetStateStatus.Abort);
    }

    [Fact]
    public void CopyScheduledTime_ScheduledToPending_KeepsDueTime()
    {
        var due = bench.Now.AddHours(1);
        var run = bench.FlowRun(ProposedStates.Scheduled(due));

        bench.Propose(run, ProposedStates.Pending()).Written!.StateDetails.ScheduledTime.ShouldBe(due);

        var other = new StateDetails { ScheduledTime = due.AddHours(1) };
        bench
            .Propose(run, ProposedStates.Pending() with { StateDetails = other })
            .Written!.StateDetails.ScheduledTime.ShouldBe(other.ScheduledTime);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(2.5, 2)]
    [InlineData(3.5, 3)]
    [InlineData(2.6, 3)]
    [InlineData(0.51, 1)]
    [InlineData(0.5, 0)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    public void WaitForScheduledTime_BeforeItsTime_WaitsWholeSeconds(double early, int delay)
    {
        var run = bench.FlowRun(ProposedStates.Scheduled(bench.Now.AddSeconds(early)));

        var outcome = bench.Propose(run, ProposedStates.Running());

        if (delay == 0)
        {
            outcome.ShouldBeAccepted(StateType.Running, "Running");
        }
        else
        {
            outcome.ShouldBeRefused(SetStateStatus.Wait, "Scheduled time is in the future", run);
            outcome.DelaySeconds.ShouldBe(delay);
            outcome.ToResult().Details.ShouldBe(new StateWaitDetails(delay, "Scheduled time is in the future"));
        }
    }

    [Fact]
    public void WaitForScheduledTime_PendingWithDueTime_Waits()
    {
        var run = bench.FlowRun(ProposedStates.Scheduled(bench.Now.AddMinutes(1)));
        var pending = bench.Propose(run, ProposedStates.Pending()).Run;

        bench.Propose(pending, ProposedStates.Running()).Status.ShouldBe(SetStateStatus.Wait);
    }

    [Fact]
    public void EnsureOnlyScheduledFlowsMarkedLate_OnlyOnce()
    {
        var run = bench.FlowRun(ProposedStates.Scheduled(bench.Now));

        var late = bench.Propose(run, ProposedStates.Late(bench.Now));

        late.ShouldBeAccepted(StateType.Scheduled, "Late");
        bench
            .Propose(late.Run, ProposedStates.Late(bench.Now))
            .ShouldBeRefused(SetStateStatus.Reject, "This flow run is already marked late.", late.Run);
    }

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Running)]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Cancelling)]
    public void EnforceCancellingToCancelledTransition_AnythingElse_Rejects(StateType to)
    {
        var run = bench.FlowRun(ProposedStates.Cancelling());

        bench
            .Propose(run, new ProposedState { Type = to })
            .ShouldBeRefused(SetStateStatus.Reject, "Cannot transition flows that are cancelling to a state other than Cancelled.", run);
        bench.Propose(run, ProposedStates.Cancelled()).ShouldBeAccepted(StateType.Cancelled, "Cancelled");
    }

    [Fact]
    public void BypassCancellingFlowRunsWithNoInfra_NothingRuns_CancelsAtOnce()
    {
        const string Nothing = "Scheduled flow run has no infrastructure to terminate.";
        var scheduled = bench.FlowRun(ProposedStates.Scheduled(bench.Now));
        var resuming = bench.FlowRun(ProposedStates.Resuming()) with { InfrastructurePid = "1" };
        var suspended = bench.FlowRun(ProposedStates.Suspended());

        bench.Propose(scheduled, ProposedStates.Cancelling()).ShouldBeReplaced(Nothing, StateType.Cancelled, "Cancelled");
        bench.Propose(resuming, ProposedStates.Cancelling()).ShouldBeReplaced(Nothing, StateType.Cancelled, "Cancelled");
        bench
            .Propose(suspended, ProposedStates.Cancelling(), MinimalFlowPolicy.Instance)
            .ShouldBeReplaced("Suspended flow run has no infrastructure to terminate.", StateType.Cancelled, "Cancelled");
    }

    [Fact]
    public void BypassCancellingFlowRunsWithNoInfra_SomethingRuns_Cancels()
    {
        var awaiting = bench.FlowRun(ProposedStates.AwaitingRetry(bench.Now)) with { InfrastructurePid = "1" };
        var paused = bench.FlowRun(ProposedStates.Paused());

        bench.Propose(awaiting, ProposedStates.Cancelling()).ShouldBeAccepted(StateType.Cancelling, "Cancelling");
        bench.Propose(paused, ProposedStates.Cancelling(), MinimalFlowPolicy.Instance).ShouldBeAccepted(StateType.Cancelling, "Cancelling");
    }
}
