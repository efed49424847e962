using Microsoft.DurableTask;
using Serverless.Core.Ids;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.TaskRuns;

/// <summary>The orchestrator's side of one task run: an activity for each attempt, a durable timer between them.</summary>
internal static class TaskRunLoop
{
    /// <summary>Runs attempts until the task run is final or the flow run is stopped.</summary>
    /// <param name="activities">How activities are called.</param>
    /// <param name="settings">What the task runs of one call have in common.</param>
    /// <param name="item">The task run.</param>
    /// <param name="watch">What is known of the flow run.</param>
    /// <param name="recorded">Compares answers with the call; null where the call is not made by code that can change.</param>
    public static async Task<CallOutcome> RunAsync(
        OwnActivities activities,
        TaskRunSettings settings,
        TaskRunItem item,
        RunWatch watch,
        RecordedCalls? recorded = null
    )
    {
        var taskRunId = StableIds.TaskRun(settings.FlowRunId, settings.TaskKey, item.DynamicKey);
        var options = recorded?.OptionsFor(settings.TaskKey);
        while (true)
        {
            await watch.WhenOpen;
            TaskRunOutcome outcome;
            try
            {
                outcome = await activities.CallAsync<TaskRunOutcome>(
                    nameof(TaskRunActivity),
                    new TaskAttemptInput(settings, item),
                    options
                );
            }
            catch (TaskFailedException failed)
            {
                // Its answers hold the author's failures: the attempt itself could not be made, nor repeated.
                CrashTaskRunInput crash = new(settings, taskRunId, CrashedStates.Of(failed.FailureDetails).Message);
                var crashed = await activities.CallAsync<CallOutcome>(nameof(CrashTaskRun), crash, options);
                return await CheckAsync(crashed, crashed.RunId);
            }

            outcome = await CheckAsync(outcome, outcome.RunId);
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

        Task<T> CheckAsync<T>(T answer, Guid answered) =>
            recorded?.CheckAsync(answer, answered, settings.TaskKey, item.DynamicKey) ?? Task.FromResult(answer);
    }
}
