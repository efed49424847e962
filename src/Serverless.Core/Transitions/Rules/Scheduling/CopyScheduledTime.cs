using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>A Pending run is due when the Scheduled one was, unless the proposal says otherwise.</summary>
/// <param name="queues">True for runs that wait for slots in turn: the time of AwaitingConcurrencySlot keeps none from a slot that it got
/// earlier.</param>
internal sealed class CopyScheduledTime(bool queues = false)
    : TransitionRule<Transition>(from: StateTypes.Scheduled, to: StateTypes.Pending)
{
    public override void Before(Transition transition)
    {
        if (transition.Details.ScheduledTime is null && !(queues && transition.Initial!.Name == StateNames.AwaitingConcurrencySlot))
        {
            transition.Details = transition.Details with { ScheduledTime = transition.Initial!.StateDetails.ScheduledTime };
        }
    }
}
