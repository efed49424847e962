using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server.Outbox;

/// <summary>The stored outbox: what the sweep reads, and where a dispatched entry is taken out.</summary>
public sealed class OutboxStore(IRowStore store)
{
    /// <summary>Reads entries in the order of their commits, page by page as long as the caller asks for more.</summary>
    /// <param name="olderThan">Only entries written before it: what is younger was announced and is being dispatched. Null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<OutboxEntry> ReadAsync(
        DateTimeOffset? olderThan = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var row in store.MergeAsync(OutboxRows.Ranges(olderThan), cancellationToken: cancellationToken))
        {
            yield return OutboxRows.Read(row);
        }
    }

    /// <summary>How many runs wait to be started; no more than <paramref name="most"/> are counted.</summary>
    internal async Task<int> CountStartsAsync(int most, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(
            OutboxRows
                .Ranges(olderThan: null)
                .Select(async range =>
                {
                    var count = 0;
                    await foreach (var row in store.ScanAsync(range, pageSize: 1000, cancellationToken))
                    {
                        count += OutboxRows.IsStart(row) ? 1 : 0;
                        if (count == most)
                        {
                            break;
                        }
                    }

                    return count;
                })
        );
        return Math.Min(counts.Sum(), most);
    }

    /// <summary>Writes an entry that goes with no change of a run.</summary>
    internal async Task WriteAsync(OutboxEntry entry, CancellationToken cancellationToken) =>
        await store.CommitAsync(new RowCommit().Add(OutboxRows.Write(entry)), cancellationToken);

    /// <summary>Deletes a dispatched entry; deleting it again is fine.</summary>
    public async Task DeleteAsync(OutboxEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(OutboxRows.Address(entry))), cancellationToken);
    }
}
