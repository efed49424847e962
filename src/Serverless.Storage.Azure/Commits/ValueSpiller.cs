using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Commits;

/// <summary>Writes the values that a plan has marked to blobs, before the rows that will refer to them.</summary>
internal sealed class ValueSpiller(StoreContext context)
{
    /// <summary>Writes the blobs of drafts.</summary>
    /// <exception cref="RowStoreUnavailableException">Some could not be written; a sweep deletes the others.</exception>
    public async Task WriteAsync(IReadOnlyList<EntityDraft> drafts, CancellationToken cancellationToken)
    {
        (string Blob, byte[] Content)[] spills = [.. drafts.SelectMany(draft => draft.Spills(context.NewBlobId))];
        try
        {
            await context.ForEachAsync(spills, spill => context.Blobs.WriteAsync(spill.Blob, spill.Content, cancellationToken));
        }
        catch (Exception e) when (StorageErrors.IsUnavailable(e))
        {
            throw StorageErrors.Unavailable(e);
        }
    }
}
