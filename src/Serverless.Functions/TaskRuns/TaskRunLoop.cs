using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.TaskRuns;

/// <summary>The orchestrator's side of one task run: an activity for each attempt, a durable timer between them.</summary>
internal static class TaskRunLoop
{
    /// <summary>Runs attempts until the task run is final or the flow run is stopped.</summary>
    public static async Task<CallOutcome> RunAsync(OwnActivities activities, TaskRunSettings settings, TaskRunItem item, RunWatch watch)
    {
        var taskRunId = settings.TaskRunIdOf(item);
        while (true)
        {
            await watch.WhenOpen;
            TaskRunOutcome outcome;
            try
            {
                outcome = await activities.CallAsync<TaskRunOutcome>(nameof(TaskRunActivity), new TaskAttemptInput(settings, item));
            }
            catch (TaskFailedException failed)
            {
                // Its answers hold the author's failures: the attempt itself could not be made, nor repeated.
                CrashTaskRunInput crash = new(settings, taskRunId, CrashedStates.Of(failed.FailureDetails).Message);
                return await activities.CallAsync<CallOutcome>(nameof(CrashTaskRun), crash);
            }

            switch (outcome.Kind)
            {
                case TaskRunOutcomeKind.Retry:
                    await watch.DelayAsync(outcome.RetryAt!.Value, taskRunId);
                    break;
                case TaskRunOutcomeKind.Paused:
                    // The gate knows of a pause before this orchestration does.
                    await watch.WhenResumedAsync();
                    break;
                case TaskRunOutcomeKind.Deleted:
                    watch.IsDeleted = true;
                    return outcome.Outcome!;
                case TaskRunOutcomeKind.Stopped:
                    watch.OnRefusal();
                    return outcome.Outcome!;
                default:
                    return outcome.Outcome!;
            }

            if (watch.Stopping.IsCancellationRequested)
            {
                // The gate lets nothing start any more, however often it is asked; whoever stopped the run ends the task run too.
                return Outcomes.Refused(taskRunId, "The flow run is stopped.");
            }
        }
    }
}
