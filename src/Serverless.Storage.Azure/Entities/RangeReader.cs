using Azure;
using Azure.Data.Tables;
using Serverless.Storage.Azure.Commits;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Entities;

/// <summary>Reads pages of ranges.</summary>
internal sealed class RangeReader(StoreContext context, RowLoader loader)
{
    /// <summary>A page ends when its rows have this size: few large rows must not fill the memory.</summary>
    private const long MaxBytes = 4 * 1024 * 1024;

    public async Task<RowPage> ReadAsync(string table, RangeFilter range, int limit, Position? after, CancellationToken cancellationToken)
    {
        if (range.IsEmpty)
        {
            return new([], null);
        }

        (var entities, var more) = await ReadEntitiesAsync(table, range.After(after), range.Select, limit, cancellationToken);
        var continuation = more ? new Position(entities[^1].Key.PartitionKey, entities[^1].Key.RowKey).ToToken() : null;
        var filled = await loader.FillAsync(entities, cancellationToken);
        return new([.. filled.Select(entity => entity.ToRow())], continuation);
    }

    private async Task<(List<StoredEntity> Entities, bool More)> ReadEntitiesAsync(
        string table,
        IReadOnlyList<string> filters,
        IReadOnlyList<string>? properties,
        int limit,
        CancellationToken cancellationToken
    )
    {
        List<StoredEntity> entities = [];
        long size = 0;
        for (var i = 0; i < filters.Count; i++)
        {
            // One more than is wanted tells whether there is one more.
            var most = Math.Min(limit + 1 - entities.Count, RowLimits.MaxPageRows);
            var pages = context.Tables[table].QueryAsync<TableEntity>(filters[i], most, properties, cancellationToken).AsPages();
            try
            {
                await foreach (var page in pages.WithCancellation(cancellationToken))
                {
                    foreach (var found in page.Values)
                    {
                        if (entities.Count == limit || size >= MaxBytes)
                        {
                            return (entities, true);
                        }

                        entities.Add(new(table, found));
                        size += entities[^1].Size;
                    }

                    if (entities.Count == limit && !string.IsNullOrEmpty(page.ContinuationToken))
                    {
                        return (entities, true);
                    }
                }
            }
            catch (RequestFailedException e) when (StorageErrors.IsTableNotFound(e))
            {
                return ([], false);
            }

            if (entities.Count == limit && i + 1 < filters.Count)
            {
                return (entities, true);
            }
        }

        return (entities, false);
    }
}
