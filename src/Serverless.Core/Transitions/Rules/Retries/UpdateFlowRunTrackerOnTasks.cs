namespace Serverless.Core.Transitions.Rules;

/// <summary>A task run remembers in which attempt of its flow run it ran.</summary>
internal sealed class UpdateFlowRunTrackerOnTasks() : TransitionRule<TaskRunTransition>(from: StateTypes.AnyOrNone, to: StateTypes.Running)
{
    public override void After(TaskRunTransition transition)
    {
        if (transition.Run.FlowRunId is not null)
        {
            transition.FlowRunRunCount =
                transition.FlowRun?.RunCount
                ?? throw new InvalidOperationException(
                    $"Unable to read flow run associated with task run: {transition.Run.Id}, this flow run might have been deleted"
                );
        }
    }
}
