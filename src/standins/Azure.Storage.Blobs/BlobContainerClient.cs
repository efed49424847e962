using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs;

public class BlobContainerClient
{
    protected BlobContainerClient()
    {
    }

    public virtual string Name => throw new NotSupportedException();

    public virtual Uri Uri => throw new NotSupportedException();

    public virtual BlobClient GetBlobClient(string blobName) => throw new NotSupportedException();

    public virtual Task<Response<BlobContainerInfo>> CreateIfNotExistsAsync(
        PublicAccessType publicAccessType,
        IDictionary<string, string> metadata,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<Response<bool>> DeleteIfExistsAsync(BlobRequestConditions conditions = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public virtual Task<Response<bool>> DeleteBlobIfExistsAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    // Name all four arguments: the real one has no defaults here since it has an overload with options.
    public virtual AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();
}
