using Microsoft.DurableTask;
using Serverless.Core.States;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Engine;

/// <summary>Subflows that a flow's body calls: orchestrations of their own.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public Task<CallOutcome> CallFlowAsync(FlowInvocation invocation) => _watch.UnlessStopped(() => Track(RunSubflowAsync(invocation)));

    /// <summary>
    /// Runs the subflow; again, as a task, if a crash came between its end and this flow's history, and its value was not kept.
    /// </summary>
    private async Task<CallOutcome> RunSubflowAsync(FlowInvocation invocation)
    {
        for (var again = 0; ; again++)
        {
            var outcome = await RunSubflowAsync(invocation, again);
            if (outcome is not { Type: StateType.Completed, IsUnkept: true, ResultJson: null, Stored: null })
            {
                return outcome;
            }
        }
    }

    private async Task<CallOutcome> RunSubflowAsync(FlowInvocation invocation, int again)
    {
        var subflow = await BeginSubflowAsync(
            new SubflowInput(
                Run.FlowRunId,
                _start.Generation,
                Run.RunCount,
                invocation.Flow.Name,
                invocation.DynamicKey,
                invocation.ParametersJson,
                invocation.RunName,
                invocation.Upstream.Count == 0 ? null : invocation.Upstream,
                invocation.Tags is { Count: > 0 } tags ? tags : null
            )
            {
                Again = again,
            },
            _calls.OptionsFor(invocation.Flow.Key)
        );
        if (subflow.TaskRunId != default)
        {
            await _calls.CheckAsync(subflow, subflow.TaskRunId, invocation.Flow.Key, invocation.DynamicKey);
        }

        if (subflow.Start is not { } start)
        {
            return subflow.Outcome! with { TaskRunId = subflow.TaskRunId };
        }

        _subflows.Add(start);
        if (_watch.Stopping.IsCancellationRequested)
        {
            // Stopped while the subflow was being created: StopAsync did not know of it.
            await CancelAsync(start);
        }

        CallOutcome? outcome = null;
        try
        {
            outcome = await _context.CallSubOrchestratorAsync<CallOutcome>(
                nameof(FlowRunOrchestrator),
                start,
                new SubOrchestrationOptions(retry: null, OutboxEntry.InstanceIdOf(start.FlowRunId, start.Generation))
            );
        }
        catch (TaskFailedException)
        {
            // Its orchestration is gone, not its flow body's failure: that would be an outcome. EndSubflow looks at the run.
        }

        _subflows.Remove(start);
        var ended = await _activities.CallAsync<CallOutcome>(nameof(EndSubflow), subflow with { Outcome = outcome });
        return ended with { TaskRunId = subflow.TaskRunId };
    }

    private async Task<SubflowRun> BeginSubflowAsync(SubflowInput input, TaskOptions options)
    {
        while (true)
        {
            await _watch.WhenOpen;
            var subflow = await _activities.CallAsync<SubflowRun>(nameof(BeginSubflow), input, options);
            if (!subflow.IsPaused)
            {
                return subflow;
            }

            await _watch.WhenResumedAsync();
        }
    }

    private Task<bool> CancelAsync(FlowRunStart subflow) => _activities.CallAsync<bool>(nameof(CancelFlowRun), subflow);
}
