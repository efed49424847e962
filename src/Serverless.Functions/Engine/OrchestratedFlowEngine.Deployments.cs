using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;

namespace Serverless.Functions.Engine;

/// <summary>Runs of deployments that a flow's body asks for, wherever they are executed.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    /// <summary>
    /// How long to wait between two looks at the run. An event says when it has ended; the looks are for the case that it has no news of
    /// it: a run that others asked for, too, tells only the first of them.
    /// </summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LastLook = TimeSpan.FromMinutes(5);

    public Task<CallOutcome> RunDeploymentAsync(DeploymentInvocation invocation) =>
        _watch.UnlessStopped(() => Track(RunDeploymentOfAsync(invocation)));

    private async Task<CallOutcome> RunDeploymentOfAsync(DeploymentInvocation invocation)
    {
        var run = await BeginDeploymentRunAsync(new DeploymentRunInput(_start, Run.RunCount, invocation));
        if (run.Outcome is { } outcome)
        {
            // What kept the run from being created also ends the task run that has begun for it.
            var ended = run.TaskRunStateId is null ? outcome : await _activities.CallAsync<CallOutcome>(nameof(LookAtDeploymentRun), run);
            return ended with { TaskRunId = run.TaskRunId };
        }

        return run.TaskRunId is { } taskRunId
            ? (await WhenEndedAsync(run, taskRunId, invocation.Options.Deadline)) with
            {
                TaskRunId = taskRunId,
            }
            : new CallOutcome(run.FlowRunId!.Value, StateType.Scheduled, StateNames.Scheduled, null, null);
    }

    private async Task<CallOutcome> WhenEndedAsync(DeploymentRun run, Guid taskRunId, TimeSpan? wait)
    {
        var deadline = UtcNow + wait;
        for (var delay = FirstLook; ; delay = delay * 2 < LastLook ? delay * 2 : LastLook)
        {
            var look = run with { Waited = deadline <= UtcNow ? wait : null };
            if (await _activities.CallAsync<CallOutcome?>(nameof(LookAtDeploymentRun), look) is { } outcome)
            {
                return outcome;
            }

            var next = UtcNow + delay;
            await _watch.DelayAsync(deadline < next ? deadline.Value : next, taskRunId);
            if (_watch.Stopping.IsCancellationRequested)
            {
                return await CancelAsync(run);
            }
        }
    }

    /// <summary>Has the run cancelled with its caller, which does not wait for it: what executes the run may be anywhere.</summary>
    private async Task<CallOutcome> CancelAsync(DeploymentRun run) =>
        await _activities.CallAsync<CallOutcome?>(nameof(LookAtDeploymentRun), run with { IsStopped = true })
        ?? Outcomes.Refused(run.FlowRunId!.Value, "The flow run is stopped.");

    private async Task<DeploymentRun> BeginDeploymentRunAsync(DeploymentRunInput input)
    {
        var about = input.Call.Waits ? input.Call.CallKey : $"{input.Call.CallKey} (not waited for)";
        while (true)
        {
            await _watch.WhenOpen;
            var run = await _calls.AskAsync<DeploymentRunInput, DeploymentRun>(nameof(BeginDeploymentRun), input, about);
            if (!run.IsPaused)
            {
                return run;
            }

            await _watch.WhenResumedAsync();
        }
    }
}
