using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>Only a Scheduled run that is not yet Late can be late.</summary>
internal sealed class EnsureOnlyScheduledFlowsMarkedLate()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Any, to: StateTypes.Scheduled)
{
    public override void Before(FlowRunTransition transition)
    {
        if (transition.Name != StateNames.Late)
        {
            return;
        }

        if (transition.Initial!.Type != StateType.Scheduled)
        {
            transition.Reject("Only scheduled flows can be marked late.");
        }
        else if (transition.Initial.Name == StateNames.Late)
        {
            transition.Reject("This flow run is already marked late.");
        }
    }
}
