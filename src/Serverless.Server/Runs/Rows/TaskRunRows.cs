using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The rows of a flow run's task runs.</summary>
internal static class TaskRunRows
{
    /// <summary>
    /// Reads them along with the flow run's own row, which says in the same request whether the flow run is there: a list may still have
    /// one that was deleted, and the rows of its task runs go later.
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
        }
    }
}
