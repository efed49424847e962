using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>Base of the rules.</summary>
/// <typeparam name="TTransition">The kind of transition it judges.</typeparam>
internal abstract class TransitionRule<TTransition>(StateTypes from, StateTypes to) : ITransitionRule<TTransition>
    where TTransition : Transition
{
    public string Name => GetType().Name;

    public StateTypes From => from;

    public StateTypes To => to;

    public virtual bool IsTransform => false;

    public virtual TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) => TransitionNeeds.None;

    public virtual void Before(TTransition transition) { }

    public virtual void After(TTransition transition) { }

    public virtual void Undo(TTransition transition) { }
}
