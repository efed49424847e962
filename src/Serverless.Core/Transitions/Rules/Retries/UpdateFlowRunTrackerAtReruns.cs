namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Not of Prefect: a task run that leaves the end of an earlier attempt of its flow run belongs to the present one, also while it does not
/// run yet. When it ends before it runs, that end is the present attempt's.
/// </summary>
internal sealed class UpdateFlowRunTrackerAtReruns()
    : TransitionRule<TaskRunTransition>(from: StateTypes.Final, to: StateTypes.AnyOrNone & ~StateTypes.Final)
{
    public override void After(TaskRunTransition transition)
    {
        if (transition.FlowRun is { } flowRun)
        {
            transition.FlowRunRunCount = flowRun.RunCount;
        }
    }
}
