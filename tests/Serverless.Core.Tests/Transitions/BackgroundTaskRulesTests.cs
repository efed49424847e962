using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class BackgroundTaskRulesTests
{
    private readonly GateBench bench = new();

    [Theory]
    [InlineData("Scheduled", true, TaskQueueing.Enqueue)]
    [InlineData("AwaitingRetry", true, TaskQueueing.Retry)]
    [InlineData("Scheduled", false, TaskQueueing.None)]
    public void EnqueueScheduledTasks_Scheduled_QueuesWhatIsDeferred(string name, bool deferred, TaskQueueing expected) =>
        Propose(bench.TaskRun(), Deferred(ProposedStates.Scheduled() with { Name = name }, deferred)).Queueing.ShouldBe(expected);

    [Fact]
    public void EnqueueScheduledTasks_AnotherState_QueuesNothing() =>
        Propose(bench.TaskRun(), Deferred(ProposedStates.Pending())).Queueing.ShouldBe(TaskQueueing.None);

    [Fact]
    public void CopyTaskParametersID_UntilRunning_IsCarriedOver()
    {
        var parameters = Guid.NewGuid();
        var scheduled = Deferred(ProposedStates.Scheduled()) is var state
            ? bench.TaskRun(state with { StateDetails = state.StateDetails with { TaskParametersId = parameters } })
            : null!;

        var pending = Propose(scheduled, Deferred(ProposedStates.Pending()));
        var running = Propose(pending.Run, Deferred(ProposedStates.Running()));
        var completed = Propose(running.Run, Deferred(ProposedStates.Completed()));

        pending.Written!.StateDetails.TaskParametersId.ShouldBe(parameters);
        running.Written!.StateDetails.TaskParametersId.ShouldBe(parameters);
        completed.Written!.StateDetails.TaskParametersId.ShouldBeNull();
    }

    [Fact]
    public void CopyTaskParametersID_OtherProposed_Wins()
    {
        var other = Guid.NewGuid();
        var proposed = ProposedStates.Pending() with
        {
            StateDetails = new StateDetails { Deferred = true, TaskParametersId = other },
        };

        Propose(bench.TaskRun(Deferred(ProposedStates.Scheduled())), proposed).Written!.StateDetails.TaskParametersId.ShouldBe(other);
    }

    [Fact]
    public void PreventPendingTransitions_SecondWorker_Aborts()
    {
        var run = bench.TaskRun(Deferred(ProposedStates.Running()));

        Propose(run, Deferred(ProposedStates.Pending()))
            .ShouldBeRefused(SetStateStatus.Abort, "This run is in a RUNNING state and cannot transition to a PENDING state.", run);
    }

    private static ProposedState Deferred(ProposedState state, bool deferred = true) =>
        state with
        {
            StateDetails = state.StateDetails with { Deferred = deferred },
        };

    private TransitionOutcome<TaskRun> Propose(TaskRun run, ProposedState state) =>
        bench.Propose(run, state, policy: BackgroundTaskPolicy.Instance);
}
