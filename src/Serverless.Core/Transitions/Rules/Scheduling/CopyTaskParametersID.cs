namespace Serverless.Core.Transitions.Rules;

/// <summary>A background task run goes on naming its parameters until it runs, unless the proposal names others.</summary>
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
