using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A task run that is over stays over, except for a rerun without a result that was kept. A rerun has all its retries
/// again.
/// </summary>
internal sealed class HandleTaskTerminalStateTransitions() : TransitionRule<TaskRunTransition>(from: StateTypes.Final, to: StateTypes.Any)
{
    public override TransitionNeeds Needs(State? initial, ProposedState proposed, ClientVersion? client) => PersistedResult.Needs(initial);

    public override void Before(TaskRunTransition transition)
    {
        var initial = transition.Initial!;
        if (transition.Type is StateType.Cancelling or StateType.Paused or StateType.Crashed)
        {
            transition.Abort($"Run is already {initial.Type.Wire()}.");
            return;
        }

        if (initial.Type == StateType.Completed && PersistedResult.IsLeftBy(transition))
        {
            transition.Reject("This run is already completed.");
            return;
        }

        if (!transition.Type.IsFinal())
        {
            transition.RunCount = 0;
        }

        if (transition.Type == StateType.Running && transition.IsFlowRunRetry)
        {
            transition.Name = StateNames.Retrying;
        }
    }

    public override void Undo(TaskRunTransition transition) => transition.RunCount = transition.Run.RunCount;
}
