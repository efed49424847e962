namespace Serverless.Core.Transitions;

/// <summary>Bookkeeping of the run that goes with every state that is written, forced ones included.</summary>
/// <typeparam name="TTransition">The kind of transition.</typeparam>
internal interface ITransitionTransform<in TTransition>
    where TTransition : Transition
{
    /// <summary>Changes the state to be written, or the run.</summary>
    void Apply(TTransition transition);
}
