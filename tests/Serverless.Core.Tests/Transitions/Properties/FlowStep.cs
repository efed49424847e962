using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Properties;

/// <summary>One proposal of a random sequence, and what is found of the run's deployment then.</summary>
/// <param name="Proposal">The state.</param>
/// <param name="Policy">The rules.</param>
/// <param name="Seconds">How far the clock moves before; clocks also step back.</param>
/// <param name="Client">Who proposes it; null for this app.</param>
/// <param name="Deployment">The run's deployment; null when it is gone.</param>
internal sealed record FlowStep(
    ProposedState Proposal,
    FlowTransitionPolicy Policy,
    int Seconds,
    ClientVersion? Client,
    DeploymentFacts? Deployment
)
{
    /// <summary>All policies of flow runs.</summary>
    public static readonly FlowTransitionPolicy[] AllPolicies =
    [
        CoreFlowPolicy.Instance,
        EngineFlowPolicy.Instance,
        MinimalFlowPolicy.Instance,
        MarkLateRunsPolicy.Instance,
    ];

    public static readonly Gen<ProposedState> Proposals = Gen.Elements(
        ProposedStates.Scheduled(GateBench.Start.AddSeconds(20)),
        ProposedStates.Scheduled(),
        ProposedStates.Late(null),
        ProposedStates.AwaitingConcurrencySlot(null),
        ProposedStates.Pending(),
        ProposedStates.Submitting(),
        ProposedStates.InfrastructurePending(),
        ProposedStates.Running(),
        ProposedStates.Running(),
        ProposedStates.Paused(GateBench.Start.AddSeconds(60), "key"),
        ProposedStates.Paused(),
        ProposedStates.Suspended(),
        ProposedStates.Resuming(),
        ProposedStates.Cancelling(),
        ProposedStates.Cancelled(),
        ProposedStates.Completed(),
        ProposedStates.Completed() with
        {
            Data = GateBench.Json("""{"type":"reference"}"""),
        },
        ProposedStates.Failed(),
        ProposedStates.TimedOut(),
        ProposedStates.Crashed()
    );

    // The only one that is ever judged by the policy for late runs.
    private static readonly ProposedState Late = ProposedStates.Late(null);

    public static readonly Gen<ClientVersion?> Clients = Gen.Elements("", "3.4.11", "3.4.10", "3.0.1").Select(ClientVersion.Parse);

    public static Gen<FlowStep> Under(params FlowTransitionPolicy[] policies) =>
        from proposal in Proposals
        from policy in Gen.Elements(policies)
        from seconds in Gen.Choose(-3, 20)
        from client in Clients
        from deployment in Deployments
        select new FlowStep(policy == MarkLateRunsPolicy.Instance ? Late : proposal, policy, seconds, client, deployment);

    public override string ToString() =>
        $"{Seconds:+0;-0} s: {Proposal.Name} by {Client?.Text ?? "the app"} under {Policy}, {Deployment?.ToString() ?? "no deployment"}";

    private static Gen<DeploymentFacts?> Deployments =>
        from limit in Gen.Frequency(
            (2, Gen.Constant<LimitFacts?>(null)),
            (
                3,
                from slots in Gen.Choose(0, 2)
                from taken in Gen.Choose(0, slots)
                from active in Gen.Elements(true, true, false)
                select (LimitFacts?)new LimitFacts(Guid.Empty, "deployment:d", slots, taken, active)
            )
        )
        from strategy in Gen.Elements(Enum.GetValues<ConcurrencyLimitStrategy>())
        from alive in Gen.Elements(true, false)
        from known in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select known ? new DeploymentFacts(limit, new ConcurrencyOptions { CollisionStrategy = strategy }) { LeaseIsAlive = alive } : null;
}
