using Serverless.Core.States;

namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Only a running flow pauses, once for each key in an attempt; only a run of a deployment that is no subflow
/// suspends, because it is to be started again.
/// </summary>
internal sealed class HandlePausingFlows() : TransitionRule<FlowRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Paused)
{
    public override void Before(FlowRunTransition transition)
    {
        var verb = transition.Name == StateNames.Suspended ? "suspend" : "pause";
        if (transition.Initial is null)
        {
            transition.Abort($"Cannot {verb} flows with no state.");
        }
        else if (transition.Initial.Type != StateType.Running)
        {
            transition.Reject($"Cannot {verb} flows that are not currently running.");
        }
        else if (transition.Details.PauseKey is { } key && transition.EmpiricalPolicy.PauseKeys.Contains(key))
        {
            transition.Reject($"This {verb} has already fired.");
        }
        else if (transition.Details.PauseReschedule && transition.Run.ParentTaskRunId is not null)
        {
            transition.Abort($"Cannot {verb} subflows.");
        }
        else if (transition.Details.PauseReschedule && transition.Run.DeploymentId is null)
        {
            transition.Abort($"Cannot {verb} flows without a deployment.");
        }
    }

    public override void After(FlowRunTransition transition)
    {
        var key = transition.Details.PauseKey ?? transition.NewId().ToString();
        transition.EmpiricalPolicy = transition.EmpiricalPolicy with { PauseKeys = [.. transition.EmpiricalPolicy.PauseKeys, key] };
    }
}
