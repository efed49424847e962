using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class TaskRulesTests
{
    private readonly GateBench bench = new();

    [Theory]
    [InlineData(StateType.Cancelling)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Crashed)]
    public void HandleTaskTerminalStateTransitions_FinalToStopping_Aborts(StateType to)
    {
        var run = bench.TaskRun(ProposedStates.Failed());

        bench.Propose(run, new ProposedState { Type = to }).ShouldBeRefused(SetStateStatus.Abort, "Run is already FAILED.", run);
    }

    [Fact]
    public void HandleTaskTerminalStateTransitions_CompletedWithResult_Rejects()
    {
        var run = bench.TaskRun(ProposedStates.Completed() with { Data = GateBench.Json("""{"type":"reference"}""") });

        bench.Propose(run, ProposedStates.Running()).ShouldBeRefused(SetStateStatus.Reject, "This run is already completed.", run);
    }

    [Fact]
    public void HandleTaskTerminalStateTransitions_FlowRunRetry_RetriesWithFreshCount()
    {
        var flowRun = bench.FlowRun(ProposedStates.Running()) with { RunCount = 2 };
        var run = bench.TaskRun(ProposedStates.Failed(), flowRun: flowRun) with { RunCount = 3, FlowRunRunCount = 1 };

        var outcome = bench.Propose(run, ProposedStates.Running(), flowRun);

        outcome.ShouldBeAccepted(StateType.Running, "Retrying");
        outcome.Run.RunCount.ShouldBe(1);
        outcome.Run.FlowRunRunCount.ShouldBe(2);
    }

    [Fact]
    public void HandleTaskTerminalStateTransitions_OverruledByStoppedFlow_KeepsCount()
    {
        var flowRun = bench.FlowRun(ProposedStates.Paused(bench.Now.AddHours(1)));
        var run = bench.TaskRun(ProposedStates.Failed(), flowRun: flowRun) with { RunCount = 3 };

        var outcome = bench.Propose(run, ProposedStates.Running(), flowRun);

        outcome.Status.ShouldBe(SetStateStatus.Reject);
        outcome.Run.RunCount.ShouldBe(3);
    }

    [Theory]
    [InlineData(StateType.Scheduled)]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Cancelling)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.Crashed)]
    public void PreventRunningTasksFromStoppedFlows_FlowNotRunning_Aborts(StateType flowState)
    {
        var flowRun = bench.FlowRun(new ProposedState { Type = flowState });
        var run = bench.TaskRun(ProposedStates.Pending(), flowRun: flowRun);

        bench
            .Propose(run, ProposedStates.Running(), flowRun)
            .ShouldBeRefused(SetStateStatus.Abort, "The enclosing flow must be running to begin task execution.", run);
        bench.Propose(run, ProposedStates.Running(), bench.FlowRun()).Status.ShouldBe(SetStateStatus.Abort);
    }

    [Fact]
    public void PreventRunningTasksFromStoppedFlows_FlowPaused_PausesTheTaskForAsLong()
    {
        var flowRun = bench.FlowRun(ProposedStates.Suspended(bench.Now.AddHours(1)));
        var run = bench.TaskRun(flowRun: flowRun);

        var outcome = bench.Propose(run, ProposedStates.Running(), flowRun);

        outcome.ShouldBeReplaced(
            $"The flow is paused, new tasks can execute after resuming flow run: {flowRun.Id}.",
            StateType.Paused,
            "NotReady"
        );
        outcome.Written!.StateDetails.PauseTimeout.ShouldBe(bench.Now.AddHours(1));
        outcome.Written.StateDetails.PauseReschedule.ShouldBeTrue();
    }

    [Fact]
    public void RenameReruns_AwaitingRetryOrOther_SaysWhy()
    {
        var awaiting = bench.TaskRun(ProposedStates.AwaitingRetry(bench.Now)) with { RunCount = 1 };
        var running = bench.TaskRun(ProposedStates.Running());

        bench.Propose(awaiting, ProposedStates.Running()).ShouldBeAccepted(StateType.Running, "Retrying");
        bench.Propose(running, ProposedStates.Running()).ShouldBeAccepted(StateType.Running, "Rerunning");
    }

    [Fact]
    public void UpdateFlowRunTrackerOnTasks_FlowRunUnknown_Throws()
    {
        var run = bench.TaskRun(ProposedStates.Pending(), flowRun: bench.FlowRun());

        Should.Throw<InvalidOperationException>(() => bench.Propose(run, ProposedStates.Running()));
    }

    [Fact]
    public void KeepFinalTaskStates_RepeatedActivity_Aborts()
    {
        var flowRun = bench.FlowRun(ProposedStates.Running());
        var run = bench.TaskRun(ProposedStates.Completed(), flowRun: flowRun) with { FlowRunRunCount = 1 };
        var engine = EngineTaskPolicy.Instance;

        bench
            .Propose(run, ProposedStates.Running(), flowRun, engine)
            .ShouldBeRefused(SetStateStatus.Abort, "Run is already COMPLETED.", run);
        bench
            .Propose(run, ProposedStates.Failed(), flowRun, engine)
            .ShouldBeRefused(SetStateStatus.Abort, "Run is already COMPLETED.", run);
        bench.Propose(run, ProposedStates.Running(), flowRun with { RunCount = 2 }, engine).ShouldBeAccepted(StateType.Running, "Retrying");
    }

    [Fact]
    public void KeepFinalTaskStates_ValueThatWasNotKept_LetsTheTaskRunAgain()
    {
        var flowRun = bench.FlowRun(ProposedStates.Running());
        var run = bench.TaskRun(ProposedStates.Completed(), flowRun: flowRun) with { FlowRunRunCount = 1 };
        var failed = bench.TaskRun(ProposedStates.Failed(), flowRun: flowRun) with { FlowRunRunCount = 1 };
        TaskTransitionFacts facts = new(bench.Now, bench.Ids, new Random(1), flowRun) { HasLostResult = true };

        TaskRunGate
            .Evaluate(run, ProposedStates.Running(), facts, EngineTaskPolicy.Instance)
            .ShouldBeAccepted(StateType.Running, StateNames.Running);
        TaskRunGate
            .Evaluate(run, ProposedStates.Failed(), facts, EngineTaskPolicy.Instance)
            .ShouldBeRefused(SetStateStatus.Abort, "Run is already COMPLETED.", run);
        TaskRunGate
            .Evaluate(failed, ProposedStates.Running(), facts, EngineTaskPolicy.Instance)
            .ShouldBeRefused(SetStateStatus.Abort, "Run is already FAILED.", failed);
    }

    [Fact]
    public void PreventDuplicateTransitions_RepeatedAttemptOfTheEngine_WritesNothing()
    {
        var attempt = ProposedStates.Running() with { StateDetails = new StateDetails { TransitionId = bench.Ids.NewId() } };
        var flowRun = bench.FlowRun(ProposedStates.Running());
        var run = bench.Propose(bench.TaskRun(flowRun: flowRun), attempt, flowRun, EngineTaskPolicy.Instance).Run;

        var repeated = bench.Propose(run, attempt, flowRun, EngineTaskPolicy.Instance);

        repeated.ShouldBeRefused(SetStateStatus.Reject, "This run has already made this state transition.", run);
        repeated.Run.RunCount.ShouldBe(1);
    }
}
