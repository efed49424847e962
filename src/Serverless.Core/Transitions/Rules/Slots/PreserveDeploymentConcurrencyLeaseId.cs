namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run's states go on naming the lease of its deployment's slot: workers send the member as null with every state they propose.
/// </summary>
internal sealed class PreserveDeploymentConcurrencyLeaseId : TransitionTransform<FlowRunTransition>
{
    public override void Before(FlowRunTransition transition)
    {
        if (transition.Initial?.StateDetails.DeploymentConcurrencyLeaseId is { } lease)
        {
            transition.Details = transition.Details with
            {
                DeploymentConcurrencyLeaseId = transition.Details.DeploymentConcurrencyLeaseId ?? lease,
            };
        }
    }
}
