using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Flows.Hosting;
using Serverless.Functions.Engine;

namespace Serverless.Functions.Hooks;

/// <summary>
/// Calls the hooks of one state of a run, one after the other. Its history says which have been called, so that a crash repeats the one
/// that was under way and no other.
/// </summary>
/// <param name="logs">Where the run's log records go.</param>
/// <param name="time">The clock of log records; the orchestration's own time is its context's.</param>
public sealed class HookOrchestrator(IRunLogSink logs, TimeProvider time)
{
    /// <summary>The orchestration; its input is a <see cref="HookStart"/>.</summary>
    [Function(nameof(HookOrchestrator))]
    public async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var start =
            context.GetInput<HookStart>() ?? throw new InvalidOperationException("An orchestration of hooks needs a state as its input.");
        var log = start.IsBackground
            ? RunLogger.ForTaskRun(logs, time, Guid.Empty, start.FlowRunId)
            : RunLogger.ForFlowRun(logs, time, start.FlowRunId);
        OwnActivities activities = new(context, new ReplaySafeRunLogger(context, log));
        await HookLoop.RunAsync(activities, new RunHookInput(start));
    }
}
