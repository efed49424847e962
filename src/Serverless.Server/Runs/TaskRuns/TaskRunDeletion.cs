using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Server.Assets;
using Serverless.Server.Concurrency;
using Serverless.Server.Logs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Deletes task runs with all that belongs to them.</summary>
internal sealed class TaskRunDeletion(
    IRowStore store,
    RunReader reader,
    RunWriter writer,
    RunPurge purge,
    CommitRetry retry,
    ConcurrencyLimits limits,
    TaskRunEnds ends,
    RunLogs logs,
    AssetRecording assets,
    TimeProvider time,
    IIdGenerator ids
)
{
    /// <summary>The task run, its call, its input and its result take the other places of a commit.</summary>
    private const int StatesAStep = 95;

    /// <summary>Deletes a task run; false when there is no such run.</summary>
    public Task<bool> DeleteAsync(Guid taskRunId, CancellationToken cancellationToken) =>
        DeleteAsync(taskRunId, stateId: null, cancellationToken);

    /// <summary>The same for a task run that is still in a state; false when it is not.</summary>
    public Task<bool> DeleteAsync(Guid taskRunId, Guid? stateId, CancellationToken cancellationToken) =>
        retry.RunAsync(token => TryDeleteAsync(taskRunId, stateId, token), cancellationToken);

    private async Task<TryResult<bool>> TryDeleteAsync(Guid taskRunId, Guid? stateId, CancellationToken cancellationToken)
    {
        if (
            await reader.TaskRunAsync(taskRunId, cancellationToken) is not { } stored
            || (stateId is { } meant && meant != stored.TaskRun.StateId)
        )
        {
            return false;
        }

        if (stored.FlowRun is { Registered: true })
        {
            throw new RequestConflictException(
                $"Error deleting task run: its flow run {stored.TaskRun.FlowRunId} belongs to this app and needs it; delete the flow run."
            );
        }

        // A long history goes first, from its start; whoever is interrupted can ask again, since the run is still there.
        var states = await StatesAsync(stored.TaskRun, cancellationToken);
        while (states.Continuation is not null)
        {
            await purge.DeleteAsync(states.Rows, cancellationToken);
            states = await StatesAsync(stored.TaskRun, cancellationToken);
        }

        if (stored.FlowRun is null)
        {
            await assets.RecordLastAsync(TaskRunKeys.Home(stored.TaskRun), cancellationToken);
        }

        await foreach (
            var row in store.ScanAsync(RunKeys.TaskRunAssets(TaskRunKeys.Home(stored.TaskRun), taskRunId), 100, cancellationToken)
        )
        {
            await purge.DeleteAsync([row], cancellationToken);
        }

        RowCommit last = new();
        foreach (var state in states.Rows)
        {
            last.Add(RowOperation.Delete(new RowAddress(RunKeys.Runs, state.PartitionKey, state.RowKey)));
            TaskRunTraces.Delete(last, state);
        }

        TaskRunChange change = new()
        {
            Before = stored.Attempt,
            With = last.Operations,
            Derived = last.Derived,
            Entries = stored.Attempt.BackgroundDue is null ? [] : [BackgroundRows.RemovalEntry(ids, time.GetUtcNow(), taskRunId)],
        };
        if (!(await writer.TryWriteAsync(change, cancellationToken)).Succeeded)
        {
            return default;
        }

        ends.OnEnded(taskRunId);
        await logs.DeleteAsync(new LogPlace(null, taskRunId), cancellationToken);
        await limits.OnWrittenAsync(stored.Attempt.Lease, null, cancellationToken);
        return true;
    }

    private ValueTask<RowPage> StatesAsync(TaskRun run, CancellationToken cancellationToken) =>
        store.QueryAsync(RunKeys.TaskRunStates(TaskRunKeys.Home(run), run.Id), StatesAStep, null, cancellationToken);
}
