using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Artifacts;

/// <summary>Lists and counts of artifacts, and of the latest of each key, by their columns.</summary>
internal sealed class ColumnArtifactQueries(IColumnStore columns)
{
    /// <summary>A page of the artifacts that match, in the order of the query.</summary>
    public Task<IReadOnlyList<Artifact>> ListAsync(ArtifactQuery query, CancellationToken cancellationToken) =>
        columns.PageAsync(
            ArtifactColumns.Table,
            ArtifactColumns.Of(query),
            ArtifactColumns.Of(query.Sort),
            Page.Of(query.Offset, query.Limit),
            RowDocs.Read<Artifact>,
            cancellationToken
        );

    /// <summary>How many artifacts match.</summary>
    public async Task<int> CountAsync(ArtifactQuery query, CancellationToken cancellationToken) =>
        (int)await columns.CountAsync(ArtifactColumns.Table, ArtifactColumns.Of(query), cancellationToken);

    /// <summary>A page of the collections that match, in the order of the query.</summary>
    public Task<IReadOnlyList<ArtifactCollection>> ListAsync(ArtifactCollectionQuery query, CancellationToken cancellationToken) =>
        columns.PageAsync(
            ArtifactCollectionColumns.Table,
            ArtifactCollectionColumns.Of(query),
            ArtifactCollectionColumns.Of(query.Sort),
            Page.Of(query.Offset, query.Limit),
            row => ArtifactCollections.Of(StoredArtifact.From(row)),
            cancellationToken
        );

    /// <summary>How many collections match.</summary>
    public async Task<int> CountAsync(ArtifactCollectionQuery query, CancellationToken cancellationToken) =>
        (int)await columns.CountAsync(ArtifactCollectionColumns.Table, ArtifactCollectionColumns.Of(query), cancellationToken);
}
