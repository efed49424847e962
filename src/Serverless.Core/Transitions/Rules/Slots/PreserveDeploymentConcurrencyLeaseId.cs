namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run's states keep the lease of its deployment's slot: workers send null for it in every state that they propose.
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
