using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>The run is due while it is Scheduled, and at no time otherwise.</summary>
internal sealed class SetNextScheduledStartTime : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        if (transition.Type == StateType.Scheduled)
        {
            transition.NextScheduledStartTime = transition.Details.ScheduledTime;
        }
        else if (transition.Initial is { Type: StateType.Scheduled })
        {
            transition.NextScheduledStartTime = null;
        }
    }
}
