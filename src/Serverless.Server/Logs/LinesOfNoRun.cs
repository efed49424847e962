using System.Runtime.CompilerServices;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>The lines that go with no flow run: those that name no run, and those of task runs without a flow run.</summary>
internal sealed class LinesOfNoRun(IRowStore store)
{
    private const char Separator = '/';

    /// <summary>
    /// Looks at one place after the other, at the lines in it that were logged before a time: each with its key. For each task run there is
    /// one more look without a line, since task runs are many and have mostly no old line.
    /// </summary>
    /// <param name="before">The time.</param>
    /// <param name="from">Where to start; null for the start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<(string Place, bool IsLine)> ReadOldAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var partition = LogKeys.Partition(LogPlace.None);
        string? row = null;
        if (from is not null)
        {
            (partition, row) = PartsOf(from);
        }

        var isTaskRun = partition != LogKeys.Partition(LogPlace.None);
        while (true)
        {
            RowRange old = new(LogKeys.Logs, partition, partition, row, RunKeys.Ticks(before));
            await foreach (var line in store.ScanAsync(old, cancellationToken: cancellationToken))
            {
                yield return (partition + Separator + line.RowKey, true);
            }

            if (await NextAsync(isTaskRun ? partition : null, cancellationToken) is not { } next)
            {
                yield break;
            }

            (partition, row, isTaskRun) = (next, null, true);
            yield return (partition + Separator, false);
        }
    }

    /// <summary>Deletes a line; false when it is gone already.</summary>
    public async Task<bool> DeleteAsync(string place, CancellationToken cancellationToken)
    {
        var (partition, row) = PartsOf(place);
        RowCommit commit = new();
        commit.Add(RowOperation.Delete(new RowAddress(LogKeys.Logs, partition, row)));
        return (await store.CommitAsync(commit, cancellationToken)).Succeeded;
    }

    private async ValueTask<string?> NextAsync(string? partition, CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(LogKeys.OfTaskRuns(partition), 1, cancellationToken))
        {
            return row.PartitionKey;
        }

        return null;
    }

    private static (string Partition, string Row) PartsOf(string place)
    {
        var end = place.IndexOf(Separator, StringComparison.Ordinal);
        return (place[..end], place[(end + 1)..]);
    }
}
