using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// A paused run resumes, is rescheduled to resume, or ends. After its pause has timed out it can only fail.
/// </summary>
internal sealed class HandleResumingPausedFlows() : TransitionRule<FlowRunTransition>(from: StateTypes.Paused, to: StateTypes.Any)
{
    public override void Before(FlowRunTransition transition)
    {
        var initial = transition.Initial!;
        if (transition.Type is not (StateType.Running or StateType.Scheduled) && !transition.Type.IsFinal())
        {
            transition.Reject($"This run cannot transition to the {transition.Type.Wire()} state from the {initial.Type.Wire()} state.");
        }
        else if (initial.StateDetails.PauseReschedule && transition.Run.DeploymentId is null)
        {
            transition.Reject($"Cannot reschedule a {transition.Name.ToLowerInvariant()} flow run without a deployment.");
        }
        else if (initial.StateDetails.PauseTimeout < transition.Now)
        {
            // Prefect's message names the proposed state ("was running and never resumed"); the current one is meant.
            transition.Reject(
                ProposedStates.Failed($"The flow was {initial.Name.ToLowerInvariant()} and never resumed."),
                "The flow run pause has timed out and can no longer resume."
            );
        }
        else
        {
            // Prefect marks the run after the count was taken, so that its direct way from Paused to Running counts as an
            // attempt and uses up a retry. Here no resume does.
            transition.EmpiricalPolicy = transition.EmpiricalPolicy with
            {
                Resuming = true,
            };
        }
    }

    public override void Undo(FlowRunTransition transition) => transition.EmpiricalPolicy = transition.Run.EmpiricalPolicy;
}
