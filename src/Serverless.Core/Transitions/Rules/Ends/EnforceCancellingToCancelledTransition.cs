namespace Serverless.Core.Transitions.Rules;

/// <summary>A run that is being cancelled can only become Cancelled.</summary>
internal sealed class EnforceCancellingToCancelledTransition()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Cancelling, to: StateTypes.AnyButCancelled)
{
    public override void Before(FlowRunTransition transition) =>
        transition.Reject("Cannot transition flows that are cancelling to a state other than Cancelled.");
}
