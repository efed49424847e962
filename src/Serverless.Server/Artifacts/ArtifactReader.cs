using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Core.Validation;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>Reads artifacts, and finds the latest of a key.</summary>
internal sealed class ArtifactReader(IRowStore store)
{
    /// <summary>How many rows are read at once to find one that is live: nearly always the first one is.</summary>
    private const int FewRows = 4;

    /// <summary>How many rows of the list of keys are read at once. The rest of a key that has more is passed over.</summary>
    private const int KeyRows = 100;

    /// <summary>An artifact with all that it has; null when there is none.</summary>
    public async ValueTask<Artifact?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await store.GetAsync(ArtifactKeys.Artifact(id), cancellationToken) is { } row ? RowDocs.Read<Artifact>(row) : null;

    /// <summary>An artifact without its contents; null when there is none.</summary>
    public async ValueTask<StoredArtifact?> FactsAsync(Guid id, CancellationToken cancellationToken) =>
        await store.GetAsync(ArtifactKeys.Facts(id), cancellationToken) is { } row ? StoredArtifact.From(row) : null;

    /// <summary>For lists, which do not fail for one row: null also for one that is damaged. The store has reported it.</summary>
    public async ValueTask<StoredArtifact?> ListedAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await FactsAsync(id, cancellationToken);
        }
        catch (RowDamagedException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="ListedAsync"/>
    public async ValueTask<Artifact?> ShownAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(id, cancellationToken);
        }
        catch (RowDamagedException)
        {
            return null;
        }
    }

    /// <summary>The artifacts of a list, in its order.</summary>
    public async IAsyncEnumerable<StoredArtifact> ListAsync(RowRange list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in store.ScanAsync(list, cancellationToken: cancellationToken))
        {
            if (await ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } artifact)
            {
                yield return artifact;
            }
        }
    }

    /// <summary>The latest artifact of a key, without its contents; null when the key has none.</summary>
    public async ValueTask<StoredArtifact?> LatestAsync(string key, CancellationToken cancellationToken)
    {
        if (!ArtifactKeyAttribute.IsKey(key))
        {
            return null;
        }

        await foreach (var row in store.ScanAsync(ArtifactKeys.ListOfKey(key), FewRows, cancellationToken))
        {
            // A row of an artifact that was deleted may be left for a while.
            if (await ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } latest)
            {
                return latest;
            }
        }

        return null;
    }

    /// <summary>The latest artifact of each key, without its contents, in the order of the rows.</summary>
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
                if (prefix != done && await ListedAsync(ArtifactKeys.ArtifactOf(row.RowKey), cancellationToken) is { } latest)
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
