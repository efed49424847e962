namespace Serverless.Core.Transitions;

/// <summary>
/// A flow run's state names the run; a subflow's also the parent's task run (Prefect's UpdateStateDetails and
/// UpdateSubflowStateDetails).
/// </summary>
internal sealed class UpdateFlowRunStateDetails : ITransitionTransform<FlowRunTransition>
{
    public void Apply(FlowRunTransition transition)
    {
        var run = transition.Run;
        transition.Details = transition.Details with
        {
            FlowRunId = run.Id,
            TaskRunId = run.ParentTaskRunId ?? transition.Details.TaskRunId,
        };
    }
}
