using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// Deletes task runs with all that belongs to them. The row that says where they lay stays, so that no id ever comes back and
/// brings the rows back that are derived from it.
/// </summary>
internal sealed class TaskRunDeletion(IRowStore store, RunReader reader, ConcurrencyLimits limits)
{
    /// <summary>The task run, its call and its result take the other places of a commit.</summary>
    private const int StatesAStep = 96;

    /// <summary>Deletes a task run; false when there is no such run.</summary>
    public async Task<bool> DeleteAsync(Guid taskRunId, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await reader.TaskRunAsync(taskRunId, cancellationToken) is not { } stored)
            {
                return false;
            }

            var run = stored.TaskRun;
            if (stored.FlowRun is { Registered: true })
            {
                throw new RequestConflictException(
                    $"Error deleting task run: its flow run {run.FlowRunId} is executed here and needs it; delete the flow run."
                );
            }

            var home = TaskRunKeys.Home(run);
            var states = await store.QueryAsync(RunKeys.TaskRunStates(home, run.Id), StatesAStep, null, cancellationToken);
            RowCommit commit = new();
            foreach (var state in states.Rows)
            {
                commit.Add(RowOperation.Delete(new RowAddress(RunKeys.Runs, state.PartitionKey, state.RowKey)));
                TaskRunTraces.Delete(commit, state);
            }

            // A long history goes first, from its start; whoever is interrupted can ask again, since the run is still there.
            var isLast = states.Continuation is null;
            if (isLast)
            {
                commit.Add(RowOperation.Delete(RunKeys.TaskRun(home, run.Id), stored.Attempt.ETag));
                commit.Add(RowOperation.Delete(RunKeys.TaskRunResult(home, run.Id)));
                commit.Add(RowOperation.Delete(TaskRunKeys.Call(home, run.TaskKey, run.DynamicKey)));
                SlotBook.AddRelease(commit, stored.Attempt.Lease, null);
                TaskRunTraces.Delete(commit, stored.Attempt);

                if (run.FlowRunId is null)
                {
                    commit.AddDerived(RowOperation.Delete(TaskRunKeys.FlowlessRow(run.Id)));
                }
            }

            if ((await store.CommitAsync(commit, cancellationToken)).Succeeded && isLast)
            {
                await limits.OnWrittenAsync(stored.Attempt.Lease, null, cancellationToken);
                return true;
            }
        }
    }
}
