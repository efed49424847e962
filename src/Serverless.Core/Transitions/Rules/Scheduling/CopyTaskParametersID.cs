namespace Serverless.Core.Transitions.Rules;

/// <summary>The states of a background task run keep the id of its parameters until it runs, unless the proposal has another.</summary>
internal sealed class CopyTaskParametersID()
    : TransitionRule<TaskRunTransition>(from: StateTypes.Scheduled | StateTypes.Pending, to: StateTypes.Pending | StateTypes.Running)
{
    public override void Before(TaskRunTransition transition)
    {
        if (transition.Details.TaskParametersId is null)
        {
            transition.Details = transition.Details with { TaskParametersId = transition.Initial!.StateDetails.TaskParametersId };
        }
    }
}
