using Serverless.Core.States;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The task runs that a deleted flow run had run in the background.</summary>
internal sealed class DelayedTaskRuns(IRowStore store, RunWriter writer, TaskRunDeletion deletion, CommitRetry retry)
{
    private const int PageSize = 100;

    /// <summary>
    /// Deletes those that have ended with their flow run. The others go on, as task runs outside any flow. It may be repeated, also by two
    /// at once.
    /// </summary>
    public async Task LeaveAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(DelayedRows.Of(flowRunId), PageSize, cancellationToken))
        {
            await retry.RunAsync(token => TryLeaveAsync(row, flowRunId, token), cancellationToken);
        }
    }

    private async Task<TryResult<bool>> TryLeaveAsync(Row row, Guid flowRunId, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(DelayedRows.TaskRunOf(row), cancellationToken) is not { } stored)
        {
            return false;
        }

        var attempt = TaskRunAttempt.From(stored, null);
        var run = attempt.TaskRun;
        if (run.DelayedBy != flowRunId)
        {
            return false;
        }

        if (run.StateType?.IsFinal() is true)
        {
            return await deletion.DeleteAsync(run.Id, run.StateId, cancellationToken) ? true : default(TryResult<bool>);
        }

        TaskRunChange change = new() { Before = attempt, After = attempt with { TaskRun = run with { DelayedBy = null } } };
        return (await writer.TryWriteAsync(change, cancellationToken)).Succeeded ? true : default(TryResult<bool>);
    }
}
