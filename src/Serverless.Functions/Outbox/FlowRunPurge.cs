using Microsoft.DurableTask.Client;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Outbox;

/// <summary>
/// Stops what a deleted run had under way and deletes what it left. Subflow runs stay, cancelled: their orchestrations end
/// with the one of the deleted run.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="taskRuns">Ends task runs.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
public sealed class FlowRunPurge(FlowRunService runs, RunGate gate, EndTaskRuns taskRuns, RunningTaskRuns running)
{
    private const int PageSize = 200;
    private const string Reason = "The parent run was deleted.";

    /// <summary>Carries out an entry; may be interrupted and repeated.</summary>
    internal async Task RunAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        running.Cancel(entry.FlowRunId, entry.Generation);
        List<Guid> subflows = await CancelSubflowsAsync(entry.FlowRunId, cancellationToken);
        for (int generation = 1; generation <= entry.Generation; generation++)
        {
            string instanceId = OutboxEntry.InstanceIdOf(entry.FlowRunId, generation);
            OrchestrationMetadata? instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken);
            if (instance is null)
            {
                continue;
            }

            if (!instance.IsCompleted)
            {
                await client.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions("The flow run was deleted.", Recursive: true), cancellationToken);
                await client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, cancellationToken);
            }

            await client.PurgeInstanceAsync(instanceId, new PurgeInstanceOptions(Recursive: true), cancellationToken);
        }

        foreach (Guid subflow in subflows)
        {
            await taskRuns.EndAsync(subflow, ProposedStates.Cancelled(Reason), cancellationToken);
        }

        await runs.PurgeAsync(entry.FlowRunId, cancellationToken);
    }

    /// <summary>Cancels the open runs below a run; returns all of which task runs may be open.</summary>
    private async Task<List<Guid>> CancelSubflowsAsync(Guid parent, CancellationToken cancellationToken)
    {
        List<Guid> below = [];
        Queue<Guid> parents = new([parent]);
        while (parents.TryDequeue(out Guid next))
        {
            await foreach (FlowRun run in SubflowsOfAsync(next, cancellationToken))
            {
                if (run.StateType?.IsFinal() is not true)
                {
                    running.Cancel(run.Id, int.MaxValue);
                    await gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Cancelled(Reason), TransitionOrigin.Client, cancellationToken: cancellationToken);
                }

                below.Add(run.Id);
                parents.Enqueue(run.Id);
            }
        }

        return below;
    }

    private async IAsyncEnumerable<FlowRun> SubflowsOfAsync(
        Guid parent, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FlowRunQuery query = new() { FlowRuns = new FlowRunFilter { ParentFlowRunId = new IdFilter { Any = [parent] } }, Limit = PageSize };
        while (true)
        {
            IReadOnlyList<FlowRun> page = await runs.FilterAsync(query, cancellationToken);
            foreach (FlowRun run in page)
            {
                yield return run;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            query = query with { Offset = query.Offset + PageSize };
        }
    }
}
