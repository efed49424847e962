using Serverless.Server.Concurrency;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// Deletes what deleted runs left: their rows with all that is derived from them, then their tombstones. Each commit may be repeated, by
/// two callers at once too.
/// </summary>
internal sealed class RunPurge(IRowStore store)
{
    /// <summary>One less than a commit takes: derived rows take the place of an operation.</summary>
    private const int RowsAStep = 99;

    /// <summary>Deletes the rows of a flow run but for its tombstone, and those of its task runs.</summary>
    public async Task DeleteRowsAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        // Until nothing is found: a task run that was about to end may have added its last state while its rows were being deleted.
        bool any;
        do
        {
            any = false;
            string? continuation = null;
            do
            {
                var rows = RowRange.Partition(RunKeys.Runs, RunKeys.Partition(flowRunId));
                var page = await store.QueryAsync(rows, RowsAStep, continuation, cancellationToken);
                any |= await DeleteAsync(page.Rows.Where(row => row.RowKey != RunKeys.FlowRunRow), cancellationToken);
                continuation = page.Continuation;
            } while (continuation is not null);
        } while (any);
    }

    /// <summary>Deletes rows of one partition, no more than a commit takes, with what is derived from them; false for no rows.</summary>
    public async Task<bool> DeleteAsync(IEnumerable<Row> rows, CancellationToken cancellationToken)
    {
        RowCommit commit = new();
        foreach (var row in rows)
        {
            commit.Add(RowOperation.Delete(new RowAddress(RunKeys.Runs, row.PartitionKey, row.RowKey)));
            TaskRunTraces.Delete(commit, row);
            if (row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
            {
                var taskRunId = RunKeys.TaskRunOf(row.RowKey);
                if (RunKeys.NeedsOwner(Guid.ParseExact(row.PartitionKey, "N"), taskRunId))
                {
                    commit.AddDerived(RowOperation.Delete(RunKeys.TaskRunOwner(taskRunId)));
                }

                commit.AddColumns(TaskRunColumns.Purge(taskRunId));
                SlotBook.AddRelease(commit, SlotLeaseText.Read(row), null);
            }
        }

        if (commit.Operations.Count == 0)
        {
            return false;
        }

        await store.CommitAsync(commit, cancellationToken);
        return true;
    }

    /// <summary>Deletes a tombstone.</summary>
    public async Task ForgetAsync(Guid flowRunId, Row tombstone, CancellationToken cancellationToken) =>
        await store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Delete(RunKeys.FlowRun(flowRunId), tombstone.ETag))
                .AddColumns(TaskRunColumns.Purged(flowRunId)),
            cancellationToken
        );

    /// <summary>Keeps a tombstone until an outbox entry has it deleted.</summary>
    public async Task RememberAsync(Guid flowRunId, Row tombstone, OutboxEntry forget, CancellationToken cancellationToken) =>
        await store.CommitAsync(
            new RowCommit()
                .Add(RowOperation.Replace(RunKeys.FlowRun(flowRunId), StoredFlowRun.PurgedTombstone(), tombstone.ETag))
                .AddDerived(OutboxRows.Write(forget))
                .AddColumns(TaskRunColumns.Purged(flowRunId)),
            cancellationToken
        );
}
