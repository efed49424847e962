using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>Entering Running counts.</summary>
internal sealed class IncrementTaskRunCount : ITransitionTransform<TaskRunTransition>
{
    public void Apply(TaskRunTransition transition)
    {
        if (transition.Type == StateType.Running)
        {
            transition.RunCount++;
        }
    }
}
