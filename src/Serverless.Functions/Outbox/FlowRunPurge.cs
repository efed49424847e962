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
/// Stops what a deleted run had under way and deletes what it left. Subflow runs stay, cancelled: their orchestrations hear of
/// that, and end.
/// </summary>
/// <param name="runs">The stored runs.</param>
/// <param name="gate">The only writer of states.</param>
/// <param name="taskRuns">Ends task runs.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
/// <param name="time">The clock that bounds the wait for orchestrations to end.</param>
public sealed class FlowRunPurge(FlowRunService runs, RunGate gate, EndTaskRuns taskRuns, RunningTaskRuns running, TimeProvider time)
{
    private const int PageSize = 200;
    private const string Reason = "The parent run was deleted.";

    /// <summary>
    /// Carries out an entry; may be interrupted and repeated. False when it is to be repeated later: an orchestration has not ended yet, or
    /// has ended so recently that it may come back.
    /// </summary>
    internal async Task<bool> RunAsync(OutboxEntry entry, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(entry.FlowRunId, cancellationToken) is not null)
        {
            // The entry was written again, for a run that is not the deleted one any more.
            return true;
        }

        running.Cancel(entry.FlowRunId, entry.Generation);
        List<Guid> subflows = await CancelSubflowsAsync(entry.FlowRunId, cancellationToken);
        RemainingOrchestrations remaining = await new OrchestrationRemoval(client, time).RemoveAsync(entry.FlowRunId, cancellationToken);
        if (remaining == RemainingOrchestrations.Open)
        {
            return false;
        }

        foreach (Guid subflow in subflows)
        {
            await taskRuns.EndAsync(subflow, ProposedStates.Cancelled(Reason), cancellationToken);
        }

        await runs.PurgeAsync(entry.FlowRunId, cancellationToken);
        return remaining == RemainingOrchestrations.None;
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
                await CancelAsync(run, cancellationToken);
                below.Add(run.Id);
                parents.Enqueue(run.Id);
            }
        }

        return below;
    }

    /// <summary>Cancels a run unless it has ended, also after it was read.</summary>
    private async Task CancelAsync(FlowRun run, CancellationToken cancellationToken)
    {
        for (FlowRun? known = run; known is not null && known.StateType?.IsFinal() is not true; known = await runs.GetAsync(run.Id, cancellationToken))
        {
            running.Cancel(run.Id, int.MaxValue);
            OrchestrationResult? answer = await gate.ProposeFlowRunStateAsync(
                run.Id, ProposedStates.Cancelled(Reason), TransitionOrigin.Client, expectedStateId: known.StateId, cancellationToken: cancellationToken);
            if (!ReferenceEquals(answer, RunGate.Moved))
            {
                return;
            }
        }
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
