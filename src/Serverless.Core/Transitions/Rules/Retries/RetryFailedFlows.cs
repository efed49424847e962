using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run that fails with retries left is scheduled again instead, with a clean track of pauses, unless the failure says that it must not be
/// retried. Prefect asks that of tasks only: its flows never say it.
/// </summary>
internal sealed class RetryFailedFlows() : TransitionRule<FlowRunTransition>(from: StateTypes.Running, to: StateTypes.Failed)
{
    public override void Before(FlowRunTransition transition)
    {
        var policy = transition.EmpiricalPolicy;
        if (transition.Details.Retriable is false || policy.EffectiveRetries is not { } retries || transition.RunCount > retries)
        {
            // No longer retried in process: a later rerun decides anew.
            if (policy.RetryType is not null)
            {
                transition.EmpiricalPolicy = policy with { RetryType = null };
            }

            return;
        }

        transition.EmpiricalPolicy = policy with { Resuming = false, PauseKeys = [], RetryType = "in_process" };
        transition.Reject(
            ProposedStates.AwaitingRetry(
                transition.In(policy.DelayAfter(transition.RunCount)),
                transition.Message,
                details: transition.Details.OfError
            ) with
            {
                Data = transition.Data,
            },
            "Retrying"
        );
    }

    public override void Undo(FlowRunTransition transition) => transition.EmpiricalPolicy = transition.Run.EmpiricalPolicy;
}
