using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// A run that is Running or final is no longer on the way back from a pause; one that goes straight from its pause to Running bears the
/// mark until it leaves Running.
/// </summary>
internal sealed class RemoveResumingIndicator : ITransitionTransform<FlowRunTransition>
{
    public void Apply(FlowRunTransition transition)
    {
        // The rule that resumes has just made a new policy with the mark.
        var isResumedNow =
            transition.Type == StateType.Running
            && transition.Initial?.Type == StateType.Paused
            && !ReferenceEquals(transition.EmpiricalPolicy, transition.Run.EmpiricalPolicy);
        var isBack = transition.Type == StateType.Running || transition.Type.IsFinal() || transition.Initial?.Type == StateType.Running;
        if (transition.EmpiricalPolicy.Resuming is true && isBack && !isResumedNow)
        {
            transition.EmpiricalPolicy = transition.EmpiricalPolicy with { Resuming = false };
        }
    }
}
