using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Outbox;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// Runs one batch of a mapped task. A map of thousands becomes many of these, so that no history grows with the
/// size of the map: the flow's own history holds one event for each batch.
/// </summary>
/// <param name="logs">Where the run's log records go.</param>
/// <param name="time">The clock of log records; the orchestration's own time is its context's.</param>
public sealed class TaskBatchOrchestrator(IRunLogSink logs, TimeProvider time)
{
    /// <summary>The orchestration; its input is a <see cref="TaskBatchInput"/>, its output a <see cref="TaskBatchResult"/>.</summary>
    [Function(nameof(TaskBatchOrchestrator))]
    public async Task<TaskBatchResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var input =
            context.GetInput<TaskBatchInput>()
            ?? throw new InvalidOperationException("A task batch orchestration needs its task runs as its input.");
        var settings = input.Settings with { Batch = context.InstanceId[OutboxEntry.InstancePrefixOf(input.Settings.FlowRunId).Length..] };
        FlowRunStart start = new(input.Settings.FlowRunId, input.Settings.Generation);
        OwnActivities activities = new(context, new ReplaySafeRunLogger(context, RunLogger.ForFlowRun(logs, time, start.FlowRunId)));
        using RunWatch watch = new(context, activities, start);
        if (input.Paused)
        {
            watch.OnStateChange(new StateChange(StateType.Paused));
        }

        var all = Task.WhenAll(input.Items.Select(item => TaskRunLoop.RunAsync(activities, settings, item, watch)));
        StateChanges changes = new(context);
        while (await Task.WhenAny(all, changes.Next()) != all)
        {
            var change = await changes.Next();
            changes.Take();
            if (change.Stops)
            {
                // The gate refuses each attempt that has not started; those that run are told by their tokens.
                watch.Stop();
            }
            else
            {
                watch.OnStateChange(change);
            }
        }

        var outcomes = await all;
        if (watch.IsDeleted)
        {
            await activities.CallAsync<object?>(nameof(PurgeFlowRun), start);
        }

        return TaskBatchResult.Of(outcomes) with
        {
            Stopped = watch.Ended.IsCompleted,
        };
    }
}
