using System.Globalization;
using Microsoft.DurableTask;
using Serverless.Core.Ids;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.TaskRuns;

namespace Serverless.Functions.Engine;

/// <summary>Maps of tasks: small ones as single calls, others in batches that are orchestrations of their own.</summary>
internal sealed partial class OrchestratedFlowEngine
{
    public IReadOnlyList<CallBatch> MapTask(IReadOnlyList<TaskInvocation> invocations) =>
        invocations.Count <= TaskBatches.MaxSize
            ? [.. invocations.Select(invocation => CallBatch.Of(CallTaskAsync(invocation)))]
            :
            [
                .. TaskBatches
                    .Of(invocations)
                    .Select(batch => new CallBatch(
                        batch.End.Value - batch.Start.Value,
                        _watch.UnlessStopped(() =>
                        {
                            var calls = Track(RunBatchAsync(invocations, batch));
                            invocations[batch.Start.Value].Observe?.Invoke(calls);
                            return calls;
                        })
                    )),
            ];

    private async Task<IReadOnlyList<CallOutcome>> RunBatchAsync(IReadOnlyList<TaskInvocation> map, Range batch)
    {
        await _window.EnterAsync(_watch.Stopped);
        try
        {
            _watch.Stopping.ThrowIfCancellationRequested();
            TaskInvocation[] calls = [.. Enumerable.Range(batch.Start.Value, batch.End.Value - batch.Start.Value).Select(i => map[i])];
            return _watch.Ended.IsCompleted
                ?
                [
                    .. calls.Select(item =>
                        Outcomes.Refused(StableIds.TaskRun(Run.FlowRunId, item.Task.Key, item.DynamicKey), "The flow run is stopped.")
                    ),
                ]
                : await RunOpenBatchAsync(calls);
        }
        finally
        {
            _window.Leave();
        }
    }

    private async Task<IReadOnlyList<CallOutcome>> RunOpenBatchAsync(TaskInvocation[] calls)
    {
        var instanceId = string.Create(CultureInfo.InvariantCulture, $"{_context.InstanceId}-{_start.Attempt}-batch{_batchCount++}");
        TaskBatchInput input = new(Settings(calls[0]), [.. calls.Select(Item)], _watch.IsClosed);
        _batches.Add(instanceId);
        try
        {
            var result = await _context.CallSubOrchestratorAsync<TaskBatchResult>(
                nameof(TaskBatchOrchestrator),
                input,
                new SubOrchestrationOptions(retry: null, instanceId)
            );
            if (result.Stopped)
            {
                // The news of that may come later than this answer: the batches that wait for a place are not to start.
                _watch.OnRefusal();
            }

            if (result.TooLarge > 0)
            {
                throw PayloadLimitException.Of(
                    $"The results of {calls.Length} runs of {calls[0].Task}, one batch of a map",
                    result.TooLarge,
                    TaskBatchResult.MaxCharacters,
                    $"Store large data elsewhere and return where it is, or map at most {TaskBatches.MaxSize} items at a time."
                );
            }

            // All of a batch were asked for at once: the first and the number tell.
            var (first, count) = (result.Outcomes[0], result.Outcomes.Count);
            return await _calls.CheckAsync(result.Outcomes, first.RunId, calls[0].Task.Key, calls[0].DynamicKey, count, calls.Length);
        }
        finally
        {
            _batches.Remove(instanceId);
        }
    }

    private void TellBatches(StateChange change)
    {
        foreach (var batch in _batches)
        {
            _context.SendEvent(batch, FlowRunOrchestrator.StateChanged, change);
        }
    }
}
