using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class TaskSlotRulesTests
{
    private static readonly LimitFacts Free = new(Guid.NewGuid(), "tag:free", 2, 1);
    private static readonly LimitFacts Full = new(Guid.NewGuid(), "tag:full", 2, 2);
    private static readonly LimitFacts Zero = new(Guid.NewGuid(), "tag:zero", 0, 0);

    private readonly GateBench bench = new();

    [Fact]
    public void SecureTaskConcurrencySlots_AllFree_TakesOneOfEach()
    {
        var other = new LimitFacts(Guid.NewGuid(), "tag:other", 1, 0);

        var outcome = Propose(bench.TaskRun(ProposedStates.Pending()), ProposedStates.Running(), [Free, other]);

        outcome.ShouldBeAccepted(StateType.Running, "Running");
        outcome.Lease!.LimitIds.ShouldBe([Free.Id, other.Id]);
        outcome.Lease.Expires.ShouldBeNull();
    }

    [Fact]
    public void SecureTaskConcurrencySlots_OneFull_WaitsForAll()
    {
        var run = bench.TaskRun(ProposedStates.Pending());

        var outcome = Propose(run, ProposedStates.Running(), [Free, Full]);

        outcome.ShouldBeRefused(SetStateStatus.Wait, "Concurrency limit reached for tags: free, full", run);
        outcome.DelaySeconds!.Value.ShouldBeInRange(1, 13);
        outcome.Lease.ShouldBeNull();
    }

    [Fact]
    public void SecureTaskConcurrencySlots_SlotsHeldShortly_AsksAgainSoon()
    {
        var outcome = Propose(
            bench.TaskRun(ProposedStates.Pending()),
            ProposedStates.Running(),
            [Full with { AverageOccupancySeconds = 0.5 }]
        );

        outcome.DelaySeconds!.Value.ShouldBeInRange(0, 1);
    }

    [Fact]
    public void SecureTaskConcurrencySlots_LimitOfZero_Aborts()
    {
        var run = bench.TaskRun(ProposedStates.Pending());

        Propose(run, ProposedStates.Running(), [Free, Zero])
            .ShouldBeRefused(
                SetStateStatus.Abort,
                "The concurrency limit on tag \"zero\" is 0 and will deadlock if the task tries to run again.",
                run
            );
    }

    [Fact]
    public void SecureTaskConcurrencySlots_InactiveLimits_AreNotEnforced() =>
        Propose(
            bench.TaskRun(ProposedStates.Pending()),
            ProposedStates.Running(),
            [Full with { Active = false }, Zero with { Active = false }]
        )
            .Lease.ShouldBeNull();

    [Fact]
    public void SecureTaskConcurrencySlots_HeldAlready_KeepsTheLease()
    {
        var lease = new SlotLease(Guid.NewGuid(), [Full.Id]);

        var outcome = Propose(bench.TaskRun(ProposedStates.Running()), ProposedStates.Running(), [Full], lease);

        outcome.Status.ShouldBe(SetStateStatus.Accept);
        outcome.Lease.ShouldBe(lease);
    }

    [Fact]
    public void SecureTaskConcurrencySlots_NotYetDue_TakesNone()
    {
        var run = bench.TaskRun(ProposedStates.Scheduled(bench.Now.AddMinutes(1)));

        var outcome = Propose(run, ProposedStates.Running(), [Free]);

        outcome.ShouldBeRefused(SetStateStatus.Wait, "Scheduled time is in the future", run);
        outcome.Lease.ShouldBeNull();
    }

    [Theory]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Pending)]
    public void ReleaseTaskConcurrencySlots_RunningLeft_GivesTheSlotsBack(StateType to)
    {
        var run = bench.TaskRun(ProposedStates.Running(), new TaskRunPolicy { Retries = 1 });
        var lease = new SlotLease(Guid.NewGuid(), [Free.Id]);

        foreach (var policy in new[] { CoreTaskPolicy.Instance, ClientSideTaskOrchestrationPolicy.Instance, MinimalTaskPolicy.Instance })
        {
            Propose(run, new ProposedState { Type = to }, [Free], lease, policy).Lease.ShouldBeNull();
        }
    }

    private TransitionOutcome<TaskRun> Propose(
        TaskRun run,
        ProposedState state,
        IReadOnlyList<LimitFacts> limits,
        SlotLease? lease = null,
        TaskTransitionPolicy? policy = null
    ) =>
        TaskRunGate.Evaluate(
            run,
            state,
            bench.TaskFacts(null) with
            {
                TagLimits = limits,
                Lease = lease,
            },
            policy ?? CoreTaskPolicy.Instance
        );
}
