namespace Serverless.Core.Transitions.Rules;

/// <summary>Completing a completed run again must not lose its result, not even by force.</summary>
internal sealed class PreventResultDataLoss() : TransitionRule<FlowRunTransition>(from: StateTypes.Final, to: StateTypes.Final)
{
    public override void Before(FlowRunTransition transition)
    {
        if (PersistedResult.IsLostBy(transition))
        {
            transition.Reject(PersistedResult.LossReason);
        }
    }
}
