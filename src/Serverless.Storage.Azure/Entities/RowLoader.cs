using Azure.Data.Tables;
using Serverless.Storage.Azure.Commits;

namespace Serverless.Storage.Azure.Entities;

/// <summary>Reads rows whole: the entity, and the blobs of its spilled values.</summary>
internal sealed class RowLoader(StoreContext context)
{
    /// <summary>A row may be replaced again and again while its blobs are fetched.</summary>
    private const int MaxTries = 10;

    /// <summary>The row; null when it is absent.</summary>
    public async Task<StoredEntity?> GetAsync(EntityKey key, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var found = await context
                .Tables[key.Table]
                .GetEntityIfExistsAsync<TableEntity>(key.PartitionKey, key.RowKey, null, cancellationToken);
            if (!found.HasValue)
            {
                return null;
            }

            StoredEntity entity = new(key.Table, found.Value!);
            if (await TryFillAsync(entity, cancellationToken))
            {
                return entity;
            }
        }

        throw new InvalidDataException($"The row '{key}' refers to a blob that does not exist.");
    }

    /// <summary>The rows of entities that were read together, in their order, those left out that were deleted meanwhile.</summary>
    public async Task<IReadOnlyList<StoredEntity>> FillAsync(IReadOnlyList<StoredEntity> entities, CancellationToken cancellationToken)
    {
        int[] spilled = [.. Enumerable.Range(0, entities.Count).Where(i => entities[i].Spilled.Count > 0)];
        if (spilled.Length == 0)
        {
            return entities;
        }

        StoredEntity?[] rows = [.. entities];
        await context.ForEachAsync(
            spilled,
            async i =>
            {
                if (!await TryFillAsync(entities[i], cancellationToken))
                {
                    rows[i] = await GetAsync(entities[i].Key, cancellationToken);
                }
            }
        );
        return [.. rows.OfType<StoredEntity>()];
    }

    /// <summary>False when a blob is gone: the row was replaced or deleted after it was read.</summary>
    private async Task<bool> TryFillAsync(StoredEntity entity, CancellationToken cancellationToken)
    {
        if (entity.Spilled.Count == 0)
        {
            return true;
        }

        var contents = new BinaryData?[entity.Spilled.Count];
        await context.ForEachAsync(
            Enumerable.Range(0, contents.Length).ToArray(),
            async i =>
                contents[i] = await context.Blobs.ReadAsync(
                    SpilledValue.BlobName(entity.Spilled[i].Value.Id, entity.Key),
                    cancellationToken
                )
        );
        if (contents.Contains(null))
        {
            return false;
        }

        for (var i = 0; i < contents.Length; i++)
        {
            entity.Fill(i, contents[i]!);
        }

        return true;
    }
}
