using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class FlowSlotRulesTests
{
    private static readonly Guid LimitId = Guid.NewGuid();
    private static readonly ClientVersion Renewing = ClientVersion.Parse("3.4.11")!;
    private static readonly ClientVersion Older = ClientVersion.Parse("3.4.10")!;

    private readonly GateBench bench = new();

    [Fact]
    public void SecureFlowConcurrencySlots_FreeSlot_IsTakenForTheGracePeriod()
    {
        var outcome = Propose(
            Run(ProposedStates.Scheduled(GateBench.Start)),
            ProposedStates.Pending(),
            Deployment(active: 1) with
            {
                Options = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.Enqueue, GracePeriodSeconds = 60 },
            }
        );

        outcome.ShouldBeAccepted(StateType.Pending, "Pending");
        var lease = outcome.Lease.ShouldNotBeNull();
        lease.LimitIds.ShouldBe([LimitId]);
        lease.Expires.ShouldBe(bench.Now.AddSeconds(60));
        outcome.Written!.StateDetails.DeploymentConcurrencyLeaseId.ShouldBe(lease.Id);
    }

    [Fact]
    public void SecureFlowConcurrencySlots_NoFreeSlot_Waits()
    {
        var outcome = Propose(Run(ProposedStates.Scheduled(GateBench.Start)), ProposedStates.Pending(), Deployment(active: 2));

        outcome.ShouldBeReplaced("Deployment concurrency limit reached.", StateType.Scheduled, "AwaitingConcurrencySlot");
        outcome.Written!.StateDetails.ScheduledTime.ShouldBe(bench.Now.AddSeconds(30));
        outcome.Lease.ShouldBeNull();
    }

    [Fact]
    public void SecureFlowConcurrencySlots_NoFreeSlotCancelNew_Cancels()
    {
        var outcome = Propose(Run(ProposedStates.Scheduled(GateBench.Start)), ProposedStates.Pending(), CancelNew(active: 2));

        outcome.ShouldBeReplaced("Deployment concurrency limit reached.", StateType.Cancelled, "Cancelled");
        outcome.Written!.Message.ShouldBe("Deployment concurrency limit reached.");
    }

    [Fact]
    public void SecureFlowConcurrencySlots_NoFreeSlotCancelRunning_WaitsAsOneThatQueues()
    {
        var deployment = Deployment(active: 2) with
        {
            Options = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.CancelRunning },
        };

        var outcome = Propose(Run(ProposedStates.Scheduled(GateBench.Start)), ProposedStates.Pending(), deployment);

        outcome.ShouldBeReplaced("Deployment concurrency limit reached.", StateType.Scheduled, "AwaitingConcurrencySlot");
        Propose(outcome.Run, ProposedStates.Late(null), deployment, policy: MarkLateRunsPolicy.Instance)
            .ShouldBeAccepted(StateType.Scheduled, "Late");
    }

    [Fact]
    public void SecureFlowConcurrencySlots_LimitOfZero_Aborts()
    {
        var run = Run(ProposedStates.Scheduled(GateBench.Start));

        Propose(run, ProposedStates.Pending(), new DeploymentFacts(new LimitFacts(LimitId, "deployment:x", 0, 0)))
            .ShouldBeRefused(
                SetStateStatus.Abort,
                "The deployment concurrency limit is 0. The flow will deadlock if submitted again.",
                run
            );
    }

    [Fact]
    public void SecureFlowConcurrencySlots_DeploymentGone_Aborts()
    {
        var run = Run(ProposedStates.Scheduled(GateBench.Start));

        Propose(run, ProposedStates.Pending(), deployment: null).ShouldBeRefused(SetStateStatus.Abort, "Deployment not found.", run);
    }

    [Fact]
    public void SecureFlowConcurrencySlots_InactiveLimitOrOldWorker_TakesNone()
    {
        var run = Run(ProposedStates.Scheduled(GateBench.Start));
        var inactive = new DeploymentFacts(new LimitFacts(LimitId, "deployment:x", 1, 1, Active: false));

        Propose(run, ProposedStates.Pending(), inactive).Lease.ShouldBeNull();
        Propose(run, ProposedStates.Pending(), Deployment(active: 0), client: ClientVersion.Parse("3.0.1")).Lease.ShouldBeNull();
    }

    [Fact]
    public void SecureFlowConcurrencySlots_NextStageOfPending_KeepsTheLease()
    {
        var (run, lease) = Pending();

        var outcome = Propose(run, ProposedStates.Submitting(), Deployment(active: 2), lease);

        outcome.ShouldBeAccepted(StateType.Pending, "Submitting");
        outcome.Lease.ShouldBe(lease);
        outcome.Written!.StateDetails.DeploymentConcurrencyLeaseId.ShouldBe(lease.Id);
    }

    [Fact]
    public void RemoveDeploymentConcurrencyLease_ClientThatDoesNotRenew_HoldsTheSlotWithoutEnd()
    {
        var (run, lease) = Pending();

        Propose(run, ProposedStates.Running(), Deployment(active: 2), lease).Lease.ShouldBe(lease with { Expires = null });
        Propose(run, ProposedStates.Running(), Deployment(active: 2), lease, Older).Lease.ShouldBe(lease with { Expires = null });
    }

    [Fact]
    public void ValidateDeploymentConcurrencyAtRunning_LeaseAlive_IsRenewed()
    {
        var (run, lease) = Pending();

        var outcome = Propose(run, ProposedStates.Running(), Deployment(active: 2) with { LeaseIsAlive = true }, lease, Renewing);

        outcome.ShouldBeAccepted(StateType.Running, "Running");
        outcome.Lease.ShouldBe(lease with { Expires = bench.Now.AddSeconds(300) });
    }

    [Fact]
    public void ValidateDeploymentConcurrencyAtRunning_LeaseLostWithFreeSlot_TakesAnother()
    {
        var (run, lease) = Pending();

        var outcome = Propose(run, ProposedStates.Running(), Deployment(active: 1), lease, Renewing);

        outcome.Lease!.Id.ShouldNotBe(lease.Id);
        outcome.Written!.StateDetails.DeploymentConcurrencyLeaseId.ShouldBe(outcome.Lease.Id);
    }

    [Fact]
    public void ValidateDeploymentConcurrencyAtRunning_LeaseLostAndFull_Cancels()
    {
        var (run, lease) = Pending();

        var outcome = Propose(run, ProposedStates.Running(), Deployment(active: 2), lease, Renewing);

        outcome.ShouldBeReplaced("Deployment concurrency limit reached after lease expiry.", StateType.Cancelled, "Cancelled");
        outcome.Written!.Message.ShouldBe(
            "Deployment concurrency slot lost during provisioning - no slots available to continue execution"
        );
        outcome.Lease.ShouldBeNull();
    }

    [Theory]
    [InlineData(StateType.Completed)]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Scheduled)]
    public void ReleaseFlowConcurrencySlots_RunningLeft_GivesTheSlotBack(StateType to)
    {
        var (run, lease) = Running();

        Propose(run, new ProposedState { Type = to }, Deployment(active: 2), lease).Lease.ShouldBeNull();
        Propose(run, new ProposedState { Type = to }, Deployment(active: 2), lease, policy: MinimalFlowPolicy.Instance)
            .Lease.ShouldBeNull();
    }

    [Fact]
    public void ReleaseFlowConcurrencySlots_FailureThatIsRetried_GivesTheSlotBack()
    {
        var (run, lease) = Running();
        run = run with { EmpiricalPolicy = new FlowRunPolicy { Retries = 1 } };

        var outcome = Propose(run, ProposedStates.Failed(), Deployment(active: 2), lease);

        outcome.Written!.Name.ShouldBe("AwaitingRetry");
        outcome.Lease.ShouldBeNull();
    }

    [Fact]
    public void ReleaseFlowConcurrencySlots_RefusedOrCancelling_KeepsTheSlot()
    {
        var (run, lease) = Running();

        Propose(run, ProposedStates.Pending(), Deployment(active: 2), lease).Lease.ShouldBe(lease);
        Propose(run, ProposedStates.Cancelling(), Deployment(active: 2), lease).Lease.ShouldBe(lease);
    }

    [Fact]
    public void EnforceDeploymentConcurrencyOnLate_FullAndCancelNew_Cancels()
    {
        var run = Run(ProposedStates.Scheduled(GateBench.Start));

        Propose(run, ProposedStates.Late(null), CancelNew(active: 2), policy: MarkLateRunsPolicy.Instance)
            .ShouldBeReplaced("Deployment concurrency limit is full and uses the CANCEL_NEW strategy.", StateType.Cancelled, "Cancelled");
        Propose(run, ProposedStates.Late(null), CancelNew(active: 1), policy: MarkLateRunsPolicy.Instance)
            .ShouldBeAccepted(StateType.Scheduled, "Late");
        Propose(run, ProposedStates.Late(null), Deployment(active: 2), policy: MarkLateRunsPolicy.Instance)
            .ShouldBeAccepted(StateType.Scheduled, "Late");
    }

    [Fact]
    public void Needs_Deployment_OnlyWhereARuleLooksAtIt()
    {
        var (pending, _) = Pending();
        var scheduled = Run(ProposedStates.Scheduled(GateBench.Start));

        CoreFlowPolicy.Instance.Needs(scheduled.State, ProposedStates.Pending()).ShouldBe(TransitionNeeds.Deployment);
        CoreFlowPolicy.Instance.Needs(scheduled.State, ProposedStates.Running()).ShouldBe(TransitionNeeds.None);
        CoreFlowPolicy.Instance.Needs(pending.State, ProposedStates.Running()).ShouldBe(TransitionNeeds.None);
        CoreFlowPolicy.Instance.Needs(pending.State, ProposedStates.Running(), Renewing).ShouldBe(TransitionNeeds.Deployment);
        MarkLateRunsPolicy.Instance.Needs(scheduled.State, ProposedStates.Late(null)).ShouldBe(TransitionNeeds.Deployment);
        MarkLateRunsPolicy.Instance.Needs(scheduled.State, ProposedStates.Scheduled()).ShouldBe(TransitionNeeds.None);
        MinimalFlowPolicy.Instance.Needs(scheduled.State, ProposedStates.Pending()).ShouldBe(TransitionNeeds.None);
    }

    private static DeploymentFacts Deployment(int active) => new(new LimitFacts(LimitId, "deployment:x", 2, active));

    private static DeploymentFacts CancelNew(int active) =>
        Deployment(active) with
        {
            Options = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.CancelNew },
        };

    private FlowRun Run(ProposedState state) => bench.FlowRun(state, deployed: true);

    private (FlowRun Run, SlotLease Lease) Pending()
    {
        var outcome = Propose(Run(ProposedStates.Scheduled(GateBench.Start)), ProposedStates.Pending(), Deployment(active: 1));
        return (outcome.Run, outcome.Lease!);
    }

    private (FlowRun Run, SlotLease Lease) Running()
    {
        var (pending, lease) = Pending();
        var outcome = Propose(pending, ProposedStates.Running(), Deployment(active: 2), lease);
        return (outcome.Run, outcome.Lease!);
    }

    private TransitionOutcome<FlowRun> Propose(
        FlowRun run,
        ProposedState state,
        DeploymentFacts? deployment,
        SlotLease? lease = null,
        ClientVersion? client = null,
        FlowTransitionPolicy? policy = null
    ) =>
        FlowRunGate.Evaluate(
            run,
            state,
            bench.FlowFacts with
            {
                Deployment = deployment,
                Lease = lease,
                Client = client,
            },
            policy ?? CoreFlowPolicy.Instance
        );
}
