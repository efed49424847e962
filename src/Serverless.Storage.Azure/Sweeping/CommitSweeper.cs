using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Serverless.Storage.Azure.Commits;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Sweeping;

/// <summary>
/// Finishes the commits of processes that died: reads the registrations that are older than two minutes, applies the journal
/// rows of their partitions, oldest first, and deletes those, then the registrations. Any process may do it for any other,
/// and several at once.
/// </summary>
internal sealed class CommitSweeper(StoreContext context, RowLoader loader, DerivedRows derivedRows)
{
    private const int MaxBatch = 100;

    /// <summary>Finishes commits; answers how many.</summary>
    /// <param name="all">
    /// True to finish young ones too, and all at once. Their registrations stay: should a process that relies on one be alive
    /// after all, its commits are still found.
    /// </param>
    /// <param name="cancellationToken">Ends the sweep; the next one continues.</param>
    public async Task<int> SweepAsync(bool all, CancellationToken cancellationToken)
    {
        var old = context.Now - context.Options.SweepAge;
        var before = all ? DateTimeOffset.MaxValue : old;
        var limit = all ? int.MaxValue : context.Options.SweepLimit;
        ConcurrentBag<(EntityKey Key, PartitionAddress Partition, DateTimeOffset Written)> found = [];
        await context.ForEachAsync(
            Enumerable.Range(0, Registrations.Shards).ToArray(),
            async shard =>
            {
                foreach (
                    var row in await QueryAsync(
                        TableDirectory.Pending,
                        Registrations.Shard(shard),
                        string.Empty,
                        $"{before.UtcTicks:d19}",
                        limit,
                        cancellationToken
                    )
                )
                {
                    found.Add(
                        (
                            row.Key,
                            new(row.Properties.Get<string>(RegistrationRow.Table)!, row.Properties.Get<string>(RegistrationRow.Partition)!),
                            WrittenAt(row.Key)
                        )
                    );
                }
            }
        );

        var finished = 0;
        var partitions = found.OrderBy(item => item.Written).GroupBy(item => item.Partition).Take(limit).ToArray();
        ConcurrentBag<EntityKey> unused = [];
        await context.ForEachAsync(
            partitions,
            async registrations =>
            {
                // Later journal rows belong to commits with registrations of their own, and may be under way.
                var last = registrations.Max(item => item.Written) + context.Options.RegistrationUse;
                (var applied, var done) = await FinishAsync(registrations.Key, last, cancellationToken);
                Interlocked.Add(ref finished, applied);
                if (done)
                {
                    foreach (var registration in registrations.Where(item => item.Written < old))
                    {
                        unused.Add(registration.Key);
                    }
                }
            }
        );

        foreach (var batch in unused.GroupBy(key => key.Partition).SelectMany(shard => shard.Chunk(MaxBatch)))
        {
            await DeleteAsync(batch, cancellationToken);
        }

        return finished;
    }

    private static DateTimeOffset WrittenAt(EntityKey key) =>
        new(
            long.Parse(
                key.RowKey.AsSpan(0, key.RowKey.IndexOf('|', StringComparison.Ordinal)),
                System.Globalization.CultureInfo.InvariantCulture
            ),
            TimeSpan.Zero
        );

    private async Task<(int Applied, bool All)> FinishAsync(
        PartitionAddress partition,
        DateTimeOffset last,
        CancellationToken cancellationToken
    )
    {
        var applied = 0;
        var from = Journal.LowestKey();
        while (true)
        {
            // A big run leaves more of them than a page holds.
            var rows = await QueryAsync(
                partition.Table,
                partition.PartitionKey,
                from,
                Journal.LowestKey(last.AddTicks(1)),
                MaxBatch,
                cancellationToken
            );
            List<StoredEntity> done = [];
            var damaged = false;
            foreach (var row in rows)
            {
                try
                {
                    // Its owner, or another sweep, may have been faster.
                    if (await loader.GetAsync(row.Key, cancellationToken) is { } journal)
                    {
                        await derivedRows.ApplyAsync(
                            Journal.Read(journal.Properties.GetBytes(Journal.Property)),
                            journal.CommitId ?? string.Empty,
                            cancellationToken
                        );
                        done.Add(journal);
                    }
                }
                catch (InvalidDataException e)
                {
                    context.Logger.LogError(e, "The journal row '{Row}' cannot be applied; it and its registration stay.", row.Key);
                    damaged = true;
                    break;
                }
            }

            await DeleteAsync(done, cancellationToken);
            applied += done.Count;
            if (damaged || rows.Count < MaxBatch)
            {
                return (applied, !damaged);
            }

            from = rows[^1].Key.RowKey + '!';
        }
    }

    private async Task DeleteAsync(List<StoredEntity> journals, CancellationToken cancellationToken)
    {
        if (journals.Count == 0)
        {
            return;
        }

        await DeleteAsync([.. journals.Select(journal => journal.Key)], cancellationToken);
        foreach (var journal in journals)
        {
            await DeleteBlobsAsync(journal, cancellationToken);
        }
    }

    private async Task DeleteBlobsAsync(StoredEntity journal, CancellationToken cancellationToken)
    {
        foreach ((_, _, var value) in journal.Spilled)
        {
            await context.Blobs.DeleteAsync(SpilledValue.BlobName(value.Id, journal.Key), cancellationToken);
        }
    }

    private Task<TransactionResult> DeleteAsync(IReadOnlyList<EntityKey> keys, CancellationToken cancellationToken) =>
        new EntityTransaction(
            context,
            string.Empty,
            [.. keys.Select(key => EntityAction.Delete(EntityActionRole.Operation, key))]
        ).SubmitAsync(cancellationToken);

    private async Task<IReadOnlyList<StoredEntity>> QueryAsync(
        string table,
        string partition,
        string from,
        string to,
        int limit,
        CancellationToken cancellationToken
    )
    {
        List<StoredEntity> rows = [];
        var filter = $"PartitionKey eq '{partition}' and RowKey ge '{from}' and RowKey lt '{to}'";
        try
        {
            await foreach (
                var entity in context
                    .Tables[table]
                    .QueryAsync<TableEntity>(filter, Math.Min(limit, RowLimits.MaxPageRows), null, cancellationToken)
            )
            {
                rows.Add(new(table, entity));
                if (rows.Count == limit)
                {
                    break;
                }
            }
        }
        catch (RequestFailedException e) when (StorageErrors.IsTableNotFound(e))
        {
            return [];
        }

        return rows;
    }
}
