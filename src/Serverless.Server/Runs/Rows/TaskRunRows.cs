using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The rows of a flow run's task runs.</summary>
internal static class TaskRunRows
{
    /// <summary>The property of a task run's row, and of its row in the list of those outside any flow, for
    /// <see cref="TaskRun.DelayedBy"/>.</summary>
    public const string DelayedByProperty = "delayed_by";

    /// <summary>The task run that a row holds.</summary>
    public static TaskRun Read(Row row)
    {
        var run = RowDocs.Read<TaskRun>(row);
        return row.Properties.Get<Guid?>(DelayedByProperty) is { } flowRunId ? run with { DelayedBy = flowRunId } : run;
    }

    /// <summary>
    /// Reads them along with the flow run's own row, which says in the same request whether the flow run is there: a list may still have
    /// one that was deleted, and the rows of its task runs go later. Those that it had run in the background come first: each is read from
    /// its own partition.
    /// </summary>
    public static async IAsyncEnumerable<Row> TaskRunRowsAsync(
        this IRowStore store,
        Guid flowRunId,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var partition = RunKeys.Partition(flowRunId);
        RowRange rows = new(RunKeys.Runs, partition, partition, RunKeys.FlowRunRow, RowRange.EndOfPrefix(RunKeys.TaskRunPrefix));
        var isThere = false;
        await foreach (var row in store.ScanAsync(rows, 1000, cancellationToken))
        {
            isThere |= row.RowKey == RunKeys.FlowRunRow && !StoredFlowRun.IsTombstone(row);
            if (!isThere)
            {
                yield break;
            }

            if (row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
            {
                yield return row;
            }
            else if (DelayedRows.IsOne(row) && await store.GetAsync(DelayedRows.TaskRunOf(row), cancellationToken) is { } delayed)
            {
                yield return delayed;
            }
        }
    }
}
