namespace Serverless.Core.Transitions.Rules;

/// <summary>A Pending run is due when the Scheduled one was, unless the proposal says otherwise.</summary>
internal sealed class CopyScheduledTime() : TransitionRule<Transition>(
    from: StateTypes.Scheduled,
    to: StateTypes.Pending)
{
    public override void Before(Transition transition)
    {
        if (transition.Details.ScheduledTime is null)
        {
            transition.Details = transition.Details with { ScheduledTime = transition.Initial!.StateDetails.ScheduledTime };
        }
    }
}
