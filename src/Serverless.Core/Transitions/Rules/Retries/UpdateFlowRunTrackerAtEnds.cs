namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Not of Prefect: a task run that ends before it ever ran remembers in which attempt of its flow run that was. The next attempt may have
/// begun already, and is to run it: clocks do not tell, the attempt does.
/// </summary>
internal sealed class UpdateFlowRunTrackerAtEnds() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Final)
{
    public override void After(TaskRunTransition transition)
    {
        if (transition is { FlowRun: { } flowRun, FlowRunRunCount: 0 })
        {
            transition.FlowRunRunCount = flowRun.RunCount;
        }
    }
}
