using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A task run that fails with retries left is scheduled again instead, unless the failure says that it must not be
/// retried.
/// </summary>
internal sealed class RetryFailedTasks() : TransitionRule<TaskRunTransition>(from: StateTypes.Running, to: StateTypes.Failed)
{
    public override void Before(TaskRunTransition transition)
    {
        var policy = transition.Run.EmpiricalPolicy;
        if (transition.Details.Retriable is false || policy.EffectiveRetries is not { } retries || transition.RunCount > retries)
        {
            return;
        }

        var delay = policy.DelayAfter(transition.RunCount);
        if (policy.RetryJitterFactor is { } factor && factor > 0 && delay > 0)
        {
            delay = RetryJitter.Spread(delay, factor, transition.Random);
        }

        transition.Reject(
            ProposedStates.AwaitingRetry(transition.In(delay), transition.Message, details: transition.Details.OfError) with
            {
                Data = transition.Data,
            },
            "Retrying"
        );
    }
}
