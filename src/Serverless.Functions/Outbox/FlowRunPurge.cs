using Microsoft.DurableTask.Client;
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
/// <param name="subflows">Ends subflow runs.</param>
/// <param name="taskRuns">Ends task runs.</param>
/// <param name="running">Tasks that run in this process, to be cancelled at once.</param>
/// <param name="time">The clock that bounds the wait for orchestrations to end.</param>
public sealed class FlowRunPurge(
    FlowRunService runs,
    EndSubflows subflows,
    EndTaskRuns taskRuns,
    RunningTaskRuns running,
    TimeProvider time
)
{
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
        var below = await subflows.CancelAsync(entry.FlowRunId, basis: null, Reason, cancellationToken);
        var remaining = await new OrchestrationRemoval(client, time).RemoveAsync(entry.FlowRunId, cancellationToken);
        if (remaining == RemainingOrchestrations.Open)
        {
            return false;
        }

        foreach (var subflow in below)
        {
            // Unless it has been started again since.
            await taskRuns.EndAsync(subflow.Id, FlowRunBasis.StateOf(subflow), ProposedStates.Cancelled(Reason), cancellationToken);
        }

        await runs.PurgeAsync(entry.FlowRunId, cancellationToken);
        return remaining == RemainingOrchestrations.None;
    }
}
