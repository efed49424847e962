using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>Leaving a Running state adds the time spent in it.</summary>
internal sealed class IncrementRunTime : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        if (transition.Initial is { Type: StateType.Running } running)
        {
            transition.TotalRunTime += (transition.Timestamp - running.Timestamp).TotalSeconds;
        }
    }
}
