using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>The first state says when the run is expected to start: at its scheduled time, or at once.</summary>
internal sealed class SetExpectedStartTime : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        transition.ExpectedStartTime ??= transition.Type == StateType.Scheduled ? transition.Details.ScheduledTime : transition.Timestamp;
    }
}
