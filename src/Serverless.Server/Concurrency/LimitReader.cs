using System.Runtime.CompilerServices;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>Reads limits with the slots that are taken of them.</summary>
internal sealed class LimitReader(IRowStore store)
{
    private const int PageSize = 1000;

    /// <summary>A limit; null when there is none.</summary>
    public async ValueTask<StoredLimit?> ReadAsync(Guid limitId, CancellationToken cancellationToken)
    {
        StoredLimit? limit = await LimitsAsync(RowRange.Partition(ConcurrencyKeys.Limits, ConcurrencyKeys.Partition(limitId)), cancellationToken)
            .FirstOrDefaultAsync(cancellationToken);
        return limit is { Active: true } && limit.Slots.Count < limit.Limit ? limit with { HasQueue = await HasQueueAsync(limitId, cancellationToken) } : limit;
    }

    private async ValueTask<bool> HasQueueAsync(Guid limitId, CancellationToken cancellationToken) =>
        (await store.QueryAsync(RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId)), 1, null, cancellationToken)).Rows.Count > 0;

    /// <summary>All limits, in the order of their ids.</summary>
    public IAsyncEnumerable<StoredLimit> AllAsync(CancellationToken cancellationToken) =>
        LimitsAsync(RowRange.WholeTable(ConcurrencyKeys.Limits), cancellationToken);

    private async IAsyncEnumerable<StoredLimit> LimitsAsync(RowRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A limit's row is the first of its partition. Slots without one are what a deletion that was interrupted left.
        Row? limit = null;
        List<StoredSlot> slots = [];
        await foreach (Row row in store.ScanAsync(range, PageSize, cancellationToken))
        {
            if (row.RowKey != ConcurrencyKeys.LimitRow)
            {
                if (row.PartitionKey == limit?.PartitionKey)
                {
                    slots.Add(StoredSlot.From(row));
                }

                continue;
            }

            if (limit is not null)
            {
                yield return StoredLimit.From(limit, slots);
            }

            (limit, slots) = (row, []);
        }

        if (limit is not null)
        {
            yield return StoredLimit.From(limit, slots);
        }
    }
}
