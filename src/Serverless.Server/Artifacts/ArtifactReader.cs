using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Artifacts;

/// <summary>Reads artifacts by their ids.</summary>
internal sealed class ArtifactReader(IRowStore store)
{
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
}
