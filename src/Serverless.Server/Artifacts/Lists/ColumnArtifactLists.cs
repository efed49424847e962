using System.Runtime.CompilerServices;
using Serverless.Core.Validation;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Artifacts;

/// <summary>Finds artifacts by their columns.</summary>
internal sealed class ColumnArtifactLists(IColumnStore columns) : IArtifactLists
{
    private const int PageSize = 128;

    private static readonly ColumnOrder OldestFirst = new(ArtifactColumns.Created, Descending: false);
    private static readonly ColumnOrder NewestFirst = new(ArtifactColumns.Created, Descending: true);

    /// <inheritdoc/>
    public async ValueTask<StoredArtifact?> LatestAsync(string key, CancellationToken cancellationToken)
    {
        if (!ArtifactKeyAttribute.IsKey(key))
        {
            return null;
        }

        Criterion ofKey = new Criterion.In(ArtifactColumns.CollectionId, [ArtifactCollections.IdOf(key)]);

        // Nearly always the first one can be read.
        await foreach (var hit in ReadAsync(ofKey, NewestFirst, pageSize: 1, cancellationToken))
        {
            if (hit.Row is { } row)
            {
                return StoredArtifact.From(row);
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
        await foreach (var hit in ReadAsync(OfFlowRun(flowRunId), OldestFirst, PageSize, cancellationToken))
        {
            if (hit.Row is { } row)
            {
                yield return StoredArtifact.From(row);
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Guid> IdsOfFlowRunAsync(Guid flowRunId, CancellationToken cancellationToken) =>
        ReadAsync(OfFlowRun(flowRunId), OldestFirst, PageSize, cancellationToken).Select(hit => hit.Key);

    /// <inheritdoc/>
    public IAsyncEnumerable<(string Place, StoredArtifact? Artifact)> OldAsync(
        DateTimeOffset before,
        string? from,
        CancellationToken cancellationToken
    )
    {
        var old = new Criterion.Below(ArtifactColumns.Created, before).And(TimePlaces.After(OldestFirst, from));
        return ReadAsync(old, OldestFirst, PageSize, cancellationToken)
            .Select(hit => (TimePlaces.Of(hit), hit.Row is { } row ? StoredArtifact.From(row) : null));
    }

    private static Criterion.In OfFlowRun(Guid flowRunId) => new Criterion.In(ArtifactColumns.FlowRunId, [flowRunId]);

    /// <summary>Reads the facts of artifacts.</summary>
    private IAsyncEnumerable<ColumnHit> ReadAsync(Criterion where, ColumnOrder order, int pageSize, CancellationToken cancellationToken) =>
        columns.StreamAsync(
            new ColumnQuery(ArtifactColumns.Table, where, order, 0, pageSize) { Locate = static (id, _) => ArtifactKeys.Facts(id) },
            cancellationToken
        );
}
