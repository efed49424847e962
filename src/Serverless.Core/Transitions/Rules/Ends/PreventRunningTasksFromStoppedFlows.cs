using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>No task starts unless its flow runs; while the flow is paused, the task is paused for as long.</summary>
internal sealed class PreventRunningTasksFromStoppedFlows()
    : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Running)
{
    public override void Before(TaskRunTransition transition)
    {
        if (transition.FlowRun is not { } flowRun)
        {
            return;
        }

        switch (flowRun.State?.Type)
        {
            case StateType.Running:
                break;
            case StateType.Paused:
                var pause = flowRun.State.StateDetails;
                transition.Reject(
                    new ProposedState
                    {
                        Type = StateType.Paused,
                        Name = StateNames.NotReady,
                        StateDetails = new StateDetails { PauseTimeout = pause.PauseTimeout, PauseReschedule = pause.PauseReschedule },
                    },
                    $"The flow is paused, new tasks can execute after resuming flow run: {flowRun.Id}."
                );
                break;
            default:
                transition.Abort("The enclosing flow must be running to begin task execution.");
                break;
        }
    }
}
