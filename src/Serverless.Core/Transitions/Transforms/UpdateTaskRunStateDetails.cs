namespace Serverless.Core.Transitions;

/// <summary>A task run's state names the run and its flow run (Prefect's UpdateStateDetails).</summary>
internal sealed class UpdateTaskRunStateDetails : ITransitionTransform<TaskRunTransition>
{
    public void Apply(TaskRunTransition transition)
    {
        var run = transition.Run;
        transition.Details = transition.Details with { FlowRunId = run.FlowRunId, TaskRunId = run.Id };
    }
}
