using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>Entering Running counts, except on the way back from a pause.</summary>
internal sealed class IncrementFlowRunCount : ITransitionTransform<FlowRunTransition>
{
    public void Apply(FlowRunTransition transition)
    {
        if (transition.Type == StateType.Running && transition.EmpiricalPolicy.Resuming is not true)
        {
            transition.RunCount++;
        }
    }
}
