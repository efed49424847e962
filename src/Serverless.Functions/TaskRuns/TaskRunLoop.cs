using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;

namespace Serverless.Functions.TaskRuns;

/// <summary>The orchestrator's side of one task run: an activity for each attempt, a durable timer between them.</summary>
internal static class TaskRunLoop
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>Runs attempts until the task run is final.</summary>
    public static async Task<CallOutcome> RunAsync(TaskOrchestrationContext context, TaskRunSettings settings, TaskRunItem item, PauseSignal pause)
    {
        while (true)
        {
            if (pause.IsClosed)
            {
                await pause.WhenOpen;
            }

            TaskRunOutcome outcome = await context.CallActivityAsync<TaskRunOutcome>(
                nameof(TaskRunActivity), new TaskRunInput(settings, item), DurableRetries.Activity);
            switch (outcome.Kind)
            {
                case TaskRunOutcomeKind.Retry:
                    await context.CreateTimer(outcome.RetryAt!.Value.UtcDateTime, CancellationToken.None);
                    break;
                case TaskRunOutcomeKind.Paused:
                    if (!pause.IsClosed)
                    {
                        // The gate knows of a pause (or of its end) before this orchestration does. Ask again soon, and
                        // wait on the signal once it is closed: closing it here could miss a resume that came first.
                        await context.CreateTimer(AskAgainAfter, CancellationToken.None);
                    }

                    break;
                default:
                    return outcome.Outcome!;
            }
        }
    }
}
