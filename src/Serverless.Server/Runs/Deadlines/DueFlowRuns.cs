using System.Runtime.CompilerServices;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Reads the runs whose time has come, and no other.</summary>
internal sealed class DueFlowRuns(IRowStore store, RunReader reader, DeadRows dead)
{
    private const int PageSize = 100;

    /// <summary>The runs of a list by time that are before a time, those first that have been due for longest.</summary>
    public async IAsyncEnumerable<StoredFlowRun> ReadAsync(
        string list,
        DateTimeOffset before,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in store.MergeAsync(RunKeys.ListBefore(list, before), PageSize, cancellationToken))
        {
            StoredFlowRun? stored;
            try
            {
                stored = await reader.FlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken);
            }
            catch (RowDamagedException)
            {
                // The others go on.
                continue;
            }

            if (stored is null || !FlowRunLists.IsTrue(list, row, stored.Run))
            {
                // No row of the index comes back: this one was left by a repeated write, or is about to go.
                await dead.DeleteAsync(RunKeys.Index, [row], cancellationToken);
            }
            else
            {
                yield return stored;
            }
        }
    }
}
