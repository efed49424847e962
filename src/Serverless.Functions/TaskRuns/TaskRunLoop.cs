using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;

namespace Serverless.Functions.TaskRuns;

/// <summary>The orchestrator's side of one task run: an activity for each attempt, a durable timer between them.</summary>
internal static class TaskRunLoop
{
    /// <summary>Runs attempts until the task run is final.</summary>
    public static async Task<CallOutcome> RunAsync(TaskOrchestrationContext context, TaskRunSettings settings, TaskRunItem item, RunWatch watch)
    {
        while (true)
        {
            await watch.WhenOpen;
            TaskRunOutcome outcome = await context.CallActivityAsync<TaskRunOutcome>(
                nameof(TaskRunActivity), new TaskRunInput(settings, item), DurableRetries.Activity);
            switch (outcome.Kind)
            {
                case TaskRunOutcomeKind.Retry:
                    await watch.DelayAsync(outcome.RetryAt!.Value);
                    break;
                case TaskRunOutcomeKind.Paused:
                    // The gate knows of a pause before this orchestration does.
                    await watch.WhenResumedAsync();
                    break;
                default:
                    return outcome.Outcome!;
            }
        }
    }
}
