using Serverless.Core.States;

namespace Serverless.Core.Transitions;

/// <summary>
/// The end time is that of the final state; leaving it for more work clears it. A run that ends without running
/// starts when it ends.
/// </summary>
internal sealed class SetEndTime : ITransitionTransform<Transition>
{
    public void Apply(Transition transition)
    {
        if (transition.Type.IsFinal())
        {
            transition.StartTime ??= transition.Timestamp;
            transition.EndTime ??= transition.Timestamp;
        }
        else if (transition.Initial is { } initial && initial.Type.IsFinal())
        {
            transition.EndTime = null;
        }
    }
}
