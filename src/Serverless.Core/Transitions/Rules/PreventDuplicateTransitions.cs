namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A caller that repeats a proposal, because the answer got lost, gets the state that the first one wrote: both carry
/// the same transition id.
/// </summary>
internal sealed class PreventDuplicateTransitions() : TransitionRule<Transition>(from: StateTypes.Any, to: StateTypes.Any)
{
    public override void Before(Transition transition)
    {
        if (transition.Details.TransitionId is { } id && id == transition.Initial?.StateDetails.TransitionId)
        {
            transition.Reject("This run has already made this state transition.");
        }
    }
}
