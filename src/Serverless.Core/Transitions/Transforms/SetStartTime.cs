using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>The start time is that of the first Running state.</summary>
internal sealed class SetStartTime : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        if (transition.Type == StateType.Running)
        {
            transition.StartTime ??= transition.Timestamp;
        }
    }
}
