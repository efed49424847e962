using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// One rule of the gate. Rules hold no state of their own: what a decision needs lives in the transition. A policy lists
/// rules in order; a rule is asked only about transitions between the types it names.
/// </summary>
/// <typeparam name="TTransition">The kind of transition it judges.</typeparam>
internal interface ITransitionRule<in TTransition>
    where TTransition : Transition
{
    /// <summary>The rule's name, the same as in Prefect.</summary>
    string Name { get; }

    /// <summary>The types of the current state that it judges.</summary>
    StateTypes From { get; }

    /// <summary>The types of the proposed state that it judges.</summary>
    StateTypes To { get; }

    /// <summary>
    /// True for a rule that never decides but goes with whatever is written: its <see cref="After"/> also follows a state that
    /// took the proposed one's place (Prefect's universal transforms).
    /// </summary>
    bool IsTransform { get; }

    /// <summary>The facts that the rule needs to judge the transition; asked only about pairs of types that it names.</summary>
    TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client);

    /// <summary>
    /// Judges: may change the proposed state and the run, or decide by Reject, Abort or Wait. Not asked when an earlier rule has
    /// turned the transition into one to another type, or into none.
    /// </summary>
    void Before(TTransition transition);

    /// <summary>The transition that the rule let pass is going to be written: changes the run accordingly.</summary>
    void After(TTransition transition);

    /// <summary>A later rule decided otherwise: takes back what <see cref="Before"/> did to the run.</summary>
    void Undo(TTransition transition);
}
