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
        var limit = await LimitsAsync(
                RowRange.Partition(ConcurrencyKeys.Limits, ConcurrencyKeys.Partition(limitId)),
                null,
                cancellationToken
            )
            .FirstOrDefaultAsync(cancellationToken);
        return await WithQueueAsync(limit, cancellationToken);
    }

    /// <summary>The limit of a name; null when there is none. One that was renamed costs a second request.</summary>
    public async ValueTask<StoredLimit?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var known = await ReadNameAsync(name, cancellationToken);
        return known.Home is { } home && home.Name == name ? await WithQueueAsync(home, cancellationToken)
            : known.ClaimedBy is { } id && await ReadAsync(id, cancellationToken) is { } renamed && renamed.Name == name ? renamed
            : null;
    }

    /// <summary>What the partition of a name holds.</summary>
    public async ValueTask<LimitName> ReadNameAsync(string name, CancellationToken cancellationToken)
    {
        Row? claim = null;
        var home = await LimitsAsync(
                RowRange.Partition(ConcurrencyKeys.Limits, ConcurrencyKeys.Partition(ConcurrencyKeys.IdOf(name))),
                row => claim = row,
                cancellationToken
            )
            .FirstOrDefaultAsync(cancellationToken);
        return new LimitName(name, home, claim);
    }

    private async ValueTask<StoredLimit?> WithQueueAsync(StoredLimit? limit, CancellationToken cancellationToken) =>
        limit is { Active: true } && limit.Slots.Where(slot => slot.Expires is null).Sum(slot => slot.Count) < limit.Limit
            ? limit with
            {
                HasQueue = await HasQueueAsync(limit.Id, cancellationToken),
            }
            : limit;

    private async ValueTask<bool> HasQueueAsync(Guid limitId, CancellationToken cancellationToken) =>
        (await store.QueryAsync(RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId)), 1, null, cancellationToken))
            .Rows
            .Count > 0;

    /// <summary>All limits, in the order of their ids.</summary>
    public IAsyncEnumerable<StoredLimit> AllAsync(CancellationToken cancellationToken) =>
        LimitsAsync(RowRange.WholeTable(ConcurrencyKeys.Limits), null, cancellationToken).Where(limit => limit.IsNamed);

    private async IAsyncEnumerable<StoredLimit> LimitsAsync(
        RowRange range,
        Action<Row>? onName,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // A limit's row is the first of its partition. Slots without one are what a deletion that was interrupted left.
        Row? limit = null;
        List<StoredSlot> slots = [];
        await foreach (var row in store.ScanAsync(range, PageSize, cancellationToken))
        {
            if (row.RowKey == ConcurrencyKeys.NameRow)
            {
                onName?.Invoke(row);
                continue;
            }

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
