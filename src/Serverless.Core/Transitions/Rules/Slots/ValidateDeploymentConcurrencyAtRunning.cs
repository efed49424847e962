using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run that took long to start may have lost its slot to others: it takes another one, or is cancelled. Only of clients that renew
/// their leases; others cannot lose a slot once they run.
/// </summary>
internal sealed class ValidateDeploymentConcurrencyAtRunning()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Pending, to: StateTypes.Running)
{
    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) =>
        client is { RenewsLeases: true } && initial?.StateDetails.DeploymentConcurrencyLeaseId is not null
            ? TransitionNeeds.Deployment
            : TransitionNeeds.None;

    public override void Before(FlowRunTransition transition)
    {
        var leaseId = transition.Initial!.StateDetails.DeploymentConcurrencyLeaseId;
        if (leaseId != transition.Details.DeploymentConcurrencyLeaseId)
        {
            transition.Details = transition.Details with { DeploymentConcurrencyLeaseId = leaseId };
        }

        if (
            leaseId is null
            || transition.Client is not { RenewsLeases: true }
            || transition.Run.DeploymentId is null
            || transition.Deployment is not { EnforcedLimit: { } limit } deployment
        )
        {
            return;
        }

        if (deployment.LeaseIsAlive && transition.HeldLease is { } held)
        {
            transition.Lease = held with { Expires = transition.Now + deployment.LeaseDuration(transition.Settings) };
        }
        else if (limit.HasFreeSlot)
        {
            transition.Take(limit, deployment);
        }
        else
        {
            transition.Reject(
                ProposedStates.Cancelled("Deployment concurrency slot lost during provisioning - no slots available to continue execution"),
                "Deployment concurrency limit reached after lease expiry."
            );
        }
    }

    public override void Undo(FlowRunTransition transition) => transition.Lease = transition.HeldLease;
}
