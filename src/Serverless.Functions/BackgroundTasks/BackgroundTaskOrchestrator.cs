using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.TaskRuns;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Runs one background task run: its attempts, with durable timers before and between them.</summary>
/// <param name="logs">Where the run's log records go.</param>
/// <param name="time">The clock of log records; the orchestration's own time is its context's.</param>
public sealed class BackgroundTaskOrchestrator(IRunLogSink logs, TimeProvider time)
{
    /// <summary>The orchestration; its input is a <see cref="BackgroundTaskStart"/>.</summary>
    [Function(nameof(BackgroundTaskOrchestrator))]
    public async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var start =
            context.GetInput<BackgroundTaskStart>()
            ?? throw new InvalidOperationException("An orchestration of a background task needs the task run as its input.");
        var taskRunId = start.Settings.Owner;
        OwnActivities activities = new(context, new ReplaySafeRunLogger(context, RunLogger.ForTaskRun(logs, time, Guid.Empty, taskRunId)));
        using RunWatch watch = new(context, activities, new FlowRunStart(Guid.Empty, Generation: 0));
        var run = TaskRunLoop.RunAsync(activities, start.Settings, start.Item, watch);
        StateChanges changes = new(context);
        while (await Task.WhenAny(run, changes.Next()) != run)
        {
            // There is a slot, or somebody has set a state: the gate tells what that means.
            watch.OnStateChange(await changes.Next());
            changes.Take();
        }

        await run;
        if (watch.IsDeleted)
        {
            await activities.CallAsync<object?>(nameof(PurgeBackgroundTask), taskRunId);
        }
    }
}
