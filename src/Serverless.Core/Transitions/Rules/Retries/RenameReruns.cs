using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A run that runs again says so: Retrying after a failure, Rerunning otherwise.</summary>
internal sealed class RenameReruns() : TransitionRule<Transition>(from: StateTypes.Any, to: StateTypes.Running)
{
    public override void Before(Transition transition)
    {
        if (transition.RunCount > 0)
        {
            transition.Name = transition.Initial!.Name == StateNames.AwaitingRetry ? StateNames.Retrying : StateNames.Rerunning;
        }
    }
}
