using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>Entering Running counts, except on the way back from a pause.</summary>
internal sealed class IncrementFlowRunCount : ITransitionTransform<FlowRunTransition>
{
    public void Apply(FlowRunTransition transition)
    {
        // A run that is Running already bears the mark of a resume that is behind it.
        var isResuming = transition.EmpiricalPolicy.Resuming is true && transition.Initial?.Type != StateType.Running;
        if (transition.Type == StateType.Running && !isResuming)
        {
            transition.RunCount++;
        }
    }
}
