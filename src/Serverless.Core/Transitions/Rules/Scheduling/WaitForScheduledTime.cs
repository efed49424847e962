namespace Serverless.Core.Transitions.Rules;

/// <summary>No run starts before its time, by this clock.</summary>
internal sealed class WaitForScheduledTime()
    : TransitionRule<Transition>(from: StateTypes.Scheduled | StateTypes.Pending, to: StateTypes.Running)
{
    public override void Before(Transition transition)
    {
        if (transition.Initial!.StateDetails.ScheduledTime is not { } due)
        {
            return;
        }

        // Whole seconds on the wire, rounded to the nearest (halves down): up to half a second early is on time.
        var delay = (int)Math.Min(Math.Ceiling((due - transition.Now).TotalSeconds - 0.5), int.MaxValue);
        if (delay > 0)
        {
            transition.Wait(delay, "Scheduled time is in the future");
        }
    }
}
