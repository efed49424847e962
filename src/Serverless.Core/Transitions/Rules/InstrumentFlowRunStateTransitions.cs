namespace Serverless.Core.Transitions.Rules;

/// <summary>Every state that a flow run enters is an event.</summary>
internal sealed class InstrumentFlowRunStateTransitions : TransitionTransform<FlowRunTransition>
{
    public override void After(FlowRunTransition transition) => transition.IsInstrumented = true;
}
