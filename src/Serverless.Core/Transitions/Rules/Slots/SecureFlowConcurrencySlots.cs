using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run of a deployment with a concurrency limit takes a slot when it becomes Pending, before anybody provides infrastructure for
/// it. Without a free slot it waits as AwaitingConcurrencySlot, or is cancelled, as the deployment says.
/// </summary>
/// <param name="queues">True for runs that wait in turn: they stay AwaitingConcurrencySlot for as long as they wait.</param>
internal sealed class SecureFlowConcurrencySlots(bool queues = false)
    : TransitionRule<FlowRunTransition>(
        from: StateTypes.AnyOrNone & ~(StateTypes.Pending | StateTypes.Running | StateTypes.Cancelling),
        to: StateTypes.Pending
    )
{
    private const string Full = "Deployment concurrency limit reached.";

    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) =>
        client is { ManagesSlots: true } ? TransitionNeeds.None : TransitionNeeds.Deployment;

    public override void Before(FlowRunTransition transition)
    {
        if (transition.Run.DeploymentId is null || transition.Client is { ManagesSlots: true })
        {
            return;
        }

        if (transition.Deployment is not { } deployment)
        {
            transition.Abort("Deployment not found.");
            return;
        }

        switch (deployment.EnforcedLimit)
        {
            case null:
                break;
            case { Limit: 0 }:
                transition.Abort("The deployment concurrency limit is 0. The flow will deadlock if submitted again.");
                break;
            case { HasFreeSlot: true } limit:
                transition.Take(limit, deployment);
                break;
            case { } when deployment.Options?.CollisionStrategy == ConcurrencyLimitStrategy.CancelNew:
                transition.Reject(ProposedStates.Cancelled(Full), Full);
                break;
            case { } limit when queues && transition.Initial?.Name == StateNames.AwaitingConcurrencySlot:
                // It is told when it is its turn: no new state, and a look now and then in case that was lost.
                transition.Wait(
                    (int)(limit.IsInTurn ? transition.Settings.QueueWait : transition.Settings.DeploymentSlotWait).TotalSeconds,
                    Full
                );
                break;
            default:
                var again = transition.In(transition.Settings.DeploymentSlotWait.TotalSeconds);
                transition.Reject(ProposedStates.AwaitingConcurrencySlot(again), Full);
                break;
        }
    }

    public override void Undo(FlowRunTransition transition) => transition.Lease = transition.HeldLease;
}
