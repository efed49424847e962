namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A client that does not renew its lease keeps its slot, without end, until it gives it back; so does an orchestration of this app.
/// </summary>
internal sealed class RemoveDeploymentConcurrencyLeaseForOldClientVersions()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Pending, to: StateTypes.Running | StateTypes.Cancelling)
{
    public override void After(FlowRunTransition transition)
    {
        if (transition.Client is not { RenewsLeases: true } && transition.Lease is { Expires: not null } lease)
        {
            transition.Lease = lease with { Expires = null };
        }
    }
}
