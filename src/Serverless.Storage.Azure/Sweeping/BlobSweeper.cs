using Azure.Data.Tables;
using Serverless.Storage.Azure.Commits;
using Serverless.Storage.Azure.Entities;

namespace Serverless.Storage.Azure.Sweeping;

/// <summary>
/// Deletes blobs that no row refers to: of commits that failed or crashed, and of versions that were overwritten or deleted
/// without an ETag. Looks at a bounded page once an hour, at blobs older than an hour, and continues where it stopped.
/// </summary>
internal sealed class BlobSweeper(StoreContext context)
{
    private DateTimeOffset _next;
    private string? _continuation;

    /// <summary>Deletes what is to be deleted now; answers how many blobs.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = context.Now;
        if (now < _next)
        {
            return 0;
        }

        var before = SpilledValue.LowestId(now - context.Options.BlobSweepAge);
        (var names, var continuation) = await context.Blobs.ListAsync(context.Options.BlobSweepLimit, _continuation, cancellationToken);
        string[] old = [.. names.TakeWhile(name => string.CompareOrdinal(name, before) < 0)];
        var deleted = 0;
        await context.ForEachAsync(
            old,
            async name =>
            {
                if (!await IsReferredToAsync(name, cancellationToken))
                {
                    await context.Blobs.DeleteAsync(name, cancellationToken);
                    Interlocked.Increment(ref deleted);
                }
            }
        );

        // Names ascend with time: behind the first young one there is nothing to be done.
        _continuation = old.Length < names.Count ? null : continuation;

        // Where much was deleted there is more.
        _next = _continuation is not null && deleted > context.Options.BlobSweepLimit / 2 ? now : now + context.Options.BlobSweepAge;
        return deleted;
    }

    private async Task<bool> IsReferredToAsync(string name, CancellationToken cancellationToken)
    {
        (var id, var row) = SpilledValue.ParseBlobName(name);
        if (row is not { } key)
        {
            return true;
        }

        var found = await context
            .Tables[key.Table]
            .GetEntityIfExistsAsync<TableEntity>(key.PartitionKey, key.RowKey, null, cancellationToken);
        return found.HasValue && new StoredEntity(key.Table, found.Value!).Spilled.Any(spilled => spilled.Value.Id == id);
    }
}
