using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A run that is over stays over, except for a rerun: not after a result that was kept, and as Scheduled only with a
/// deployment to schedule it from. A rerun starts with a clean track of pauses.
/// </summary>
internal sealed class HandleFlowTerminalStateTransitions() : TransitionRule<FlowRunTransition>(from: StateTypes.Final, to: StateTypes.Any)
{
    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) => PersistedResult.Needs(initial);

    public override void Before(FlowRunTransition transition)
    {
        var initial = transition.Initial!;
        if (transition.Type is StateType.Cancelling or StateType.Paused or StateType.Crashed)
        {
            transition.Abort($"Run is already in terminal state {initial.Type.Wire()}.");
        }
        else if (initial.Type == StateType.Completed && !transition.Type.IsFinal() && PersistedResult.IsLeftBy(transition))
        {
            transition.Reject("Run is already COMPLETED.");
        }
        else if (PersistedResult.IsLostBy(transition) || PersistedResult.IsDeletedBy(transition))
        {
            transition.Reject(PersistedResult.LossReason);
        }
        else if (transition.Type == StateType.Scheduled && transition.Run.DeploymentId is null)
        {
            transition.Abort("Cannot reschedule a run without an associated deployment.");
        }
        else if (!transition.Type.IsFinal())
        {
            transition.EmpiricalPolicy = transition.EmpiricalPolicy with
            {
                Resuming = false,
                PauseKeys = [],
                RetryType = transition.Type == StateType.Scheduled ? "reschedule" : null,
            };
        }
    }

    public override void Undo(FlowRunTransition transition) => transition.EmpiricalPolicy = transition.Run.EmpiricalPolicy;
}
