using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A run that is neither Pending nor Running nor Cancelling holds no slot.</summary>
internal sealed class ReleaseFlowConcurrencySlots : TransitionTransform<FlowRunTransition>
{
    public override void After(FlowRunTransition transition)
    {
        if (transition.Type is not (StateType.Pending or StateType.Running or StateType.Cancelling))
        {
            transition.Lease = null;
        }
    }
}
