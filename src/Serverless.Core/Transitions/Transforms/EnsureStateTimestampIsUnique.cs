namespace Serverless.Core.Transitions;

/// <summary>
/// The timestamps of a run's states increase strictly, whatever the clock does: each is a key of the history.
/// </summary>
internal sealed class EnsureStateTimestampIsUnique : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        if (transition.Initial is { } initial && transition.Timestamp <= initial.Timestamp)
        {
            transition.Timestamp = initial.Timestamp.AddMicroseconds(1);
        }
    }
}
