using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Server.Queries;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Assets;

/// <summary>
/// Assets and their materializations, as events tell of them: those of tasks of this app, and those that Prefect's client sends for
/// <c>@materialize</c>.
/// </summary>
public sealed class AssetService(IRowStore store, CommitRetry retry)
{
    /// <summary>How many materializations of an asset are kept.</summary>
    public const int MostMaterializations = 1_000;

    /// <summary>After how many materializations the oldest ones are deleted.</summary>
    private const int TrimEvery = 100;

    private const int RowsAStep = 90;

    /// <summary>How many assets of a page are read at the same time: on a storage account each is a request.</summary>
    private const int ReadsAtOnce = 20;

    /// <summary>The assets that a query matches, in the order of their keys.</summary>
    public async Task<AssetPage> FilterAsync(AssetQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<string> keys = [];
        await foreach (var row in store.ScanAsync(AssetRows.Keys, 1000, cancellationToken))
        {
            if (AssetRows.KeyOf(row) is var key && query.Filter?.Matches(key) != false)
            {
                keys.Add(key);
            }
        }

        keys.Sort(StringComparer.Ordinal);
        List<Asset> assets = [];
        foreach (var some in keys.Skip(query.Offset).Take(query.Limit).Chunk(ReadsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(key => GetAsync(key, cancellationToken)));
            assets.AddRange(read.OfType<Asset>());
        }

        return new AssetPage(assets, keys.Count);
    }

    /// <summary>An asset; null when there is none.</summary>
    public async Task<Asset?> GetAsync(string key, CancellationToken cancellationToken = default) =>
        await store.GetAsync(AssetRows.Asset(key), cancellationToken) is { } row ? RowDocs.Read<Asset>(row) : null;

    /// <summary>Materializations of an asset, newest first.</summary>
    /// <param name="key">The asset's key.</param>
    /// <param name="offset">How many to skip.</param>
    /// <param name="limit">How many to return at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<AssetMaterialization>> MaterializationsAsync(
        string key,
        int offset,
        int limit,
        CancellationToken cancellationToken = default
    ) =>
        new Page(offset, limit).TakeAsync(
            store
                .ScanAsync(AssetRows.Materializations(key), Math.Min(limit, 1000), cancellationToken)
                .Select(RowDocs.Read<AssetMaterialization>)
        );

    /// <summary>Assets whose latest materialization was made from an asset; in any order.</summary>
    /// <param name="key">The asset that they were made from.</param>
    /// <param name="limit">How many to return at most. At most ten times as many are looked at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Asset>> DownstreamAsync(string key, int limit, CancellationToken cancellationToken = default)
    {
        List<Asset> made = [];
        await foreach (var row in store.ScanAsync(AssetRows.Downstream(key), 100, cancellationToken).Take(10 * limit))
        {
            if (
                await GetAsync(AssetRows.KeyOf(row), cancellationToken) is { LatestMaterialization: { } latest } asset
                && latest.Upstream.Contains(key)
            )
            {
                made.Add(asset);
            }

            if (made.Count == limit)
            {
                break;
            }
        }

        return made;
    }

    /// <summary>What a run made, or failed to make; of the materializations that are kept, in any order.</summary>
    /// <param name="flowRunId">The flow run; null for that of a task run outside any flow.</param>
    /// <param name="taskRunId">The task run; null for all of the flow run.</param>
    /// <param name="limit">How many to return at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<AssetMaterialization>> MadeByAsync(
        Guid? flowRunId,
        Guid? taskRunId,
        int limit,
        CancellationToken cancellationToken = default
    )
    {
        List<AssetMaterialization> made = [];
        if ((flowRunId ?? taskRunId) is not { } home)
        {
            return made;
        }

        await foreach (var row in store.ScanAsync(AssetRows.MadeBy(home, taskRunId), Math.Min(limit, 100), cancellationToken))
        {
            if (await store.GetAsync(AssetRows.MadeOf(row), cancellationToken) is { } kept)
            {
                made.Add(RowDocs.Read<AssetMaterialization>(kept));
            }

            if (made.Count == limit)
            {
                break;
            }
        }

        return made;
    }

    /// <summary>Deletes an asset with its materializations; false when there is none. An interrupted deletion can be repeated.</summary>
    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        retry.RunAsync<bool>(
            async token =>
            {
                var listed = await store.GetAsync(AssetRows.Listed(key), token);
                if (await store.GetAsync(AssetRows.Asset(key), token) is not { } row)
                {
                    await DelistAsync(listed, key, token);
                    return false;
                }

                await DeleteMaterializationsAsync(key, keep: 0, token);
                foreach (var upstream in RowDocs.Read<Asset>(row).LatestMaterialization?.Upstream ?? [])
                {
                    await store.CommitAsync(new RowCommit().Add(AssetRows.ForgetUpstream(upstream, key)), token);
                }

                var deleted = await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(AssetRows.Asset(key), row.ETag)), token);
                if (!deleted.Succeeded)
                {
                    return default(TryResult<bool>);
                }

                await DelistAsync(listed, key, token);
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// Takes an asset that is gone off the list, unless it has been made again since the list was read: then its row there is another one.
    /// That is no derived row of the deletion, which could be written late, when the asset lives again.
    /// </summary>
    private async Task DelistAsync(Row? listed, string key, CancellationToken cancellationToken)
    {
        if (listed is not null)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(AssetRows.Listed(key), listed.ETag)), cancellationToken);
        }
    }

    /// <summary>
    /// Records what an event says of an asset; once more changes nothing. Null when all is well, or it is about something else; otherwise
    /// why nothing was recorded.
    /// </summary>
    internal async Task<string?> RecordAsync(Event reported, CancellationToken cancellationToken)
    {
        var status = AssetEvents.StatusOf(reported);
        if (status is null && reported.Name != AssetEvents.Referenced)
        {
            return null;
        }

        if (!reported.Resource.TryGetValue(Event.ResourceId, out var key) || AssetKey.Problem(key) is { } problem)
        {
            return "its resource is no asset with a valid key";
        }

        AssetProperties? properties;
        try
        {
            properties = AssetEvents.PropertiesOf(reported);
        }
        catch (JsonException)
        {
            return "the owners of the asset are no list of texts in JSON";
        }

        var made = status is null ? null : AssetEvents.MaterializationOf(reported, key, status);
        var count = await retry.RunAsync<long>(
            async token =>
                await TryRecordAsync(key, properties, reported.Occurred, made, token) is { } recorded ? recorded : default(TryResult<long>),
            cancellationToken
        );
        if (count > MostMaterializations && count % TrimEvery == 0)
        {
            await DeleteMaterializationsAsync(key, MostMaterializations, cancellationToken);
        }

        return null;
    }

    /// <summary>How many materializations the asset has had; 0 when nothing changed, null when somebody else was faster.</summary>
    private async Task<long?> TryRecordAsync(
        string key,
        AssetProperties? properties,
        DateTimeOffset occurred,
        AssetMaterialization? made,
        CancellationToken cancellationToken
    )
    {
        var place = made is null ? (RowAddress?)null : AssetRows.Materialization(key, made.Occurred, made.Id);
        if (place is { } recorded && await store.GetAsync(recorded, cancellationToken) is not null)
        {
            return 0;
        }

        var row = await store.GetAsync(AssetRows.Asset(key), cancellationToken);
        var before = row is null ? null : RowDocs.Read<Asset>(row);
        var isNewest = before is null || before.LastSeen <= occurred;
        var latest = before?.LatestMaterialization;
        Asset after = new()
        {
            Key = key,
            Properties = isNewest ? properties ?? before?.Properties : before!.Properties ?? properties,
            LastSeen = isNewest ? occurred : before!.LastSeen,
            MaterializationCount = (before?.MaterializationCount ?? 0) + (made is null ? 0 : 1),
            LatestMaterialization = made is not null && !(latest?.Occurred > made.Occurred) ? AssetRows.Brief(made) : latest,
        };
        if (made is null && before is not null && StoredJson.Serialize(after).AsSpan().SequenceEqual(StoredJson.Serialize(before)))
        {
            return 0;
        }

        RowCommit commit = new();
        if (row is null)
        {
            commit.Add(RowOperation.Insert(AssetRows.Asset(key), RowDocs.Of(after))).AddDerived(AssetRows.Enlist(key));
        }
        else
        {
            commit.Add(RowOperation.Replace(AssetRows.Asset(key), RowDocs.Of(after), row.ETag));
        }

        if (place is { } address)
        {
            commit.Add(RowOperation.Insert(address, RowDocs.Of(made!)));
            foreach (var upstream in made!.Upstream)
            {
                commit.AddDerived(AssetRows.TellUpstream(upstream, key));
            }

            if (AssetRows.TellRun(made) is { } told)
            {
                commit.AddDerived(told);
            }
        }

        return (await store.CommitAsync(commit, cancellationToken)).Succeeded ? after.MaterializationCount : null;
    }

    private async Task DeleteMaterializationsAsync(string key, int keep, CancellationToken cancellationToken)
    {
        List<Row> step = [];
        var seen = 0;
        await foreach (var row in store.ScanAsync(AssetRows.Materializations(key), 1000, cancellationToken))
        {
            if (++seen > keep)
            {
                step.Add(row);
            }

            if (step.Count == RowsAStep)
            {
                await DeleteAsync(step, cancellationToken);
                step.Clear();
            }
        }

        await DeleteAsync(step, cancellationToken);
    }

    private async Task DeleteAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            RowCommit commit = new();
            foreach (var row in rows)
            {
                // First what leads to it: whoever is interrupted meets the row again.
                if (AssetRows.OfRun(RowDocs.Read<AssetMaterialization>(row)) is { } ofRun)
                {
                    await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(ofRun)), cancellationToken);
                }

                commit.Add(RowOperation.Delete(new RowAddress(AssetRows.Table, row.PartitionKey, row.RowKey)));
            }

            await store.CommitAsync(commit, cancellationToken);
        }
    }
}
