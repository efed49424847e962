using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A run that is late because its deployment has no slot for it is cancelled, when the deployment cancels such runs.</summary>
internal sealed class EnforceDeploymentConcurrencyOnLate()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Scheduled, to: StateTypes.Scheduled)
{
    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) =>
        proposed.Name == StateNames.Late ? TransitionNeeds.Deployment : TransitionNeeds.None;

    public override void Before(FlowRunTransition transition)
    {
        if (
            transition.Name == StateNames.Late
            && transition.Run.DeploymentId is not null
            && transition.Deployment is { EnforcedLimit.HasFreeSlot: false, Options.CollisionStrategy: ConcurrencyLimitStrategy.CancelNew }
        )
        {
            transition.Reject(
                ProposedStates.Cancelled("Deployment concurrency limit reached."),
                "Deployment concurrency limit is full and uses the CANCEL_NEW strategy."
            );
        }
    }
}
