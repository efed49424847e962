using System.Runtime.CompilerServices;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Logs;

/// <summary>The lines that belong to no flow run, and so go with none.</summary>
internal sealed class LinesOfNoRun(IRowStore store)
{
    /// <summary>The keys of the lines that were logged before a time, oldest first.</summary>
    /// <param name="before">The time.</param>
    /// <param name="from">Where to start; null for the oldest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<string> ReadOldAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var range = LogKeys.Lines(null) with { FromRow = from, ToRow = RunKeys.Ticks(before) };
        await foreach (var row in store.ScanAsync(range, cancellationToken: cancellationToken))
        {
            yield return row.RowKey;
        }
    }

    /// <summary>Deletes a line; false when it is gone already.</summary>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var range = LogKeys.Lines(null);
        RowCommit commit = new();
        commit.Add(RowOperation.Delete(new RowAddress(range.Table, range.FromPartition, key)));
        return (await store.CommitAsync(commit, cancellationToken)).Succeeded;
    }
}
