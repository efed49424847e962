namespace Serverless.Core.Transitions;

/// <summary>Base of the rules that never decide (Prefect's universal transforms).</summary>
/// <typeparam name="TTransition">The kind of transition it goes with.</typeparam>
internal abstract class TransitionTransform<TTransition>() : TransitionRule<TTransition>(StateTypes.AnyOrNone, StateTypes.Any)
    where TTransition : Transition
{
    public sealed override bool IsTransform => true;
}
