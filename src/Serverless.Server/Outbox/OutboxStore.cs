using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Outbox;

/// <summary>The stored outbox: what the sweep reads, and where a dispatched entry is taken out.</summary>
public sealed class OutboxStore(IRowStore store)
{
    /// <summary>Reads entries in the order of their commits.</summary>
    /// <param name="olderThan">Only entries written before it: what is younger was announced and is being dispatched. Null for all.</param>
    /// <param name="limit">Most entries of the page, 1 to 1,000.</param>
    /// <param name="continuation">The token of the page before, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<OutboxPage> ReadAsync(
        DateTimeOffset? olderThan = null, int limit = 100, string? continuation = null, CancellationToken cancellationToken = default)
    {
        RowRange range = new(OutboxRows.Table, OutboxRows.Partition, OutboxRows.Partition, null, olderThan is { } time ? RunKeys.Ticks(time) : null);
        RowPage page = await store.QueryAsync(range, limit, continuation, cancellationToken);
        return new OutboxPage([.. page.Rows.Select(OutboxRows.Read)], page.Continuation);
    }

    /// <summary>Reads one entry; null when it was dispatched and deleted.</summary>
    public async Task<OutboxEntry?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        await store.GetAsync(OutboxRows.Address(key), cancellationToken) is { } row ? OutboxRows.Read(row) : null;

    /// <summary>Deletes a dispatched entry; deleting it again is fine.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(OutboxRows.Address(key))), cancellationToken);

    /// <summary>Deletes dispatched entries, at most 100, in one commit.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        if (keys.Count == 0)
        {
            return;
        }

        RowCommit commit = new();
        foreach (string key in keys)
        {
            commit.Add(RowOperation.Delete(OutboxRows.Address(key)));
        }

        await store.CommitAsync(commit, cancellationToken);
    }
}
