using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>
/// Finds artifacts by list rows, in a store that keeps no columns. A row of an artifact that was deleted may be left for a while.
/// </summary>
internal sealed class RowArtifactLists(IRowStore store, ArtifactReader reader) : IArtifactLists
{
    /// <summary>How many rows are read at once to find one that is live: nearly always the first one is.</summary>
    private const int FewRows = 4;

    /// <summary>How many rows of the list of keys are read at once. The rest of a key that has more is passed over.</summary>
    private const int KeyRows = 100;

    /// <summary>The rows of an artifact in all lists. What it is listed by never changes.</summary>
    public static IEnumerable<RowAddress> RowsOf(Artifact artifact)
    {
        var created = artifact.Created!.Value;
        yield return ArtifactKeys.InAll(created, artifact.Id);
        if (artifact.FlowRunId is { } flowRunId)
        {
            yield return ArtifactKeys.InFlowRun(flowRunId, created, artifact.Id);
        }

        if (artifact.TaskRunId is { } taskRunId)
        {
            yield return ArtifactKeys.InTaskRun(taskRunId, created, artifact.Id);
        }

        if (artifact.Key is { } key)
        {
            yield return ArtifactKeys.InKey(key, created, artifact.Id);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoredArtifact?> LatestAsync(string key, CancellationToken cancellationToken)
    {
        if (!ArtifactKeyAttribute.IsKey(key))
        {
            return null;
        }

        await foreach (var row in store.ScanAsync(ArtifactKeys.ListOfKey(key), FewRows, cancellationToken))
        {
            if (await reader.ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } latest)
            {
                return latest;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredArtifact> OfFlowRunAsync(
        Guid flowRunId,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // The list has the newest first.
        var ids = await IdsOfFlowRunAsync(flowRunId, cancellationToken).ToListAsync(cancellationToken);
        for (var index = ids.Count - 1; index >= 0; index--)
        {
            if (await reader.ListedAsync(ids[index], cancellationToken) is { } artifact)
            {
                yield return artifact;
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Guid> IdsOfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        store
            .ScanAsync(ArtifactKeys.ListOfFlowRun(flowRunId), pageSize: 1000, cancellationToken)
            .Select(row => ArtifactKeys.ArtifactOf(row.RowKey));

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Place, StoredArtifact? Artifact)> OldAsync(
        DateTimeOffset before,
        string? from,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var row in store.ScanAsync(ArtifactKeys.ListBefore(before, from), cancellationToken: cancellationToken))
        {
            yield return (row.RowKey, await reader.ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken));
        }
    }

    /// <summary>The artifacts of a list, in its order.</summary>
    public async IAsyncEnumerable<StoredArtifact> ListAsync(RowRange list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(list, cancellationToken: cancellationToken))
        {
            if (await reader.ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } artifact)
            {
                yield return artifact;
            }
        }
    }

    /// <summary>The latest artifact of each key, in the order of the rows.</summary>
    public async IAsyncEnumerable<StoredArtifact> LatestOfAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = ArtifactKeys.ListOfKeys;
        string? continuation = null;
        string? done = null;
        while (true)
        {
            var page = await store.QueryAsync(range, KeyRows, continuation, cancellationToken);
            foreach (var row in page.Rows)
            {
                var prefix = ArtifactKeys.PrefixOf(row.RowKey);
                if (prefix != done && await reader.ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } latest)
                {
                    done = prefix;
                    yield return latest;
                }
            }

            if (page.Continuation is null)
            {
                yield break;
            }

            // A key may have very many: the rest of one whose latest is known is passed over.
            var isWithinDone = page.Rows is [.., var last] && ArtifactKeys.PrefixOf(last.RowKey) == done;
            range = isWithinDone ? range with { FromRow = RowRange.EndOfPrefix(done!) } : range;
            continuation = isWithinDone ? null : page.Continuation;
        }
    }
}
