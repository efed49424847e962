using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Not of Prefect: an activity that is delivered again finds the task run over, unless the flow run is in a new
/// attempt, or its value got lost with the answer because it is not kept.
/// </summary>
internal sealed class KeepFinalTaskStates() : TransitionRule<TaskRunTransition>(from: StateTypes.Final, to: StateTypes.Any)
{
    public override void Before(TaskRunTransition transition)
    {
        if (transition.To.IsFinal() || !(IsOfEarlierAttempt(transition) || HasLostItsValue(transition)))
        {
            transition.Abort($"Run is already {transition.Initial!.Type.Wire()}.");
        }
    }

    private static bool HasLostItsValue(TaskRunTransition transition) =>
        transition is { HasLostResult: true, Initial.Type: StateType.Completed };

    // A task run that ended without running has no attempt to its name; then its end must lie before the attempt's start.
    private static bool IsOfEarlierAttempt(TaskRunTransition transition) =>
        transition is { IsFlowRunRetry: true, FlowRun.RunCount: > 1 }
        && (transition.Run.FlowRunRunCount > 0 || transition.Initial!.Timestamp < transition.FlowRun.State?.Timestamp);
}
