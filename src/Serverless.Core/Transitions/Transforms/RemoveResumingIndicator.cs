using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>A run that is Running or final is no longer on the way back from a pause.</summary>
internal sealed class RemoveResumingIndicator : ITransitionTransform<FlowRunTransition>
{
    public void Apply(FlowRunTransition transition)
    {
        if (transition.EmpiricalPolicy.Resuming is true && (transition.Type == StateType.Running || transition.Type.IsFinal()))
        {
            transition.EmpiricalPolicy = transition.EmpiricalPolicy with { Resuming = false };
        }
    }
}
