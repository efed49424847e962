using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A task run that is neither Running nor Cancelling holds no slots.</summary>
internal sealed class ReleaseTaskConcurrencySlots : TransitionTransform<TaskRunTransition>
{
    public override void After(TaskRunTransition transition)
    {
        if (transition.Type is not (StateType.Running or StateType.Cancelling))
        {
            transition.Lease = null;
        }
    }
}
