using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Cancelling is for what runs somewhere: a run that waits for its time, or is suspended, becomes Cancelled at once.
/// </summary>
internal sealed class BypassCancellingFlowRunsWithNoInfra()
    : TransitionRule<FlowRunTransition>(from: StateTypes.Scheduled | StateTypes.Paused, to: StateTypes.Cancelling)
{
    public override void Before(FlowRunTransition transition)
    {
        var initial = transition.Initial!;
        if (
            (initial.Type == StateType.Scheduled && string.IsNullOrEmpty(transition.Run.InfrastructurePid))
            || initial.Name == StateNames.Resuming
        )
        {
            transition.Reject(Cancelled, "Scheduled flow run has no infrastructure to terminate.");
        }
        else if (initial.Type == StateType.Paused && initial.StateDetails.PauseReschedule)
        {
            transition.Reject(Cancelled, "Suspended flow run has no infrastructure to terminate.");
        }
    }

    private static readonly ProposedState Cancelled = ProposedStates.Cancelled();
}
