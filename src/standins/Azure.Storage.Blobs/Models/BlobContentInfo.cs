namespace Azure.Storage.Blobs.Models;

public class BlobContentInfo
{
    internal BlobContentInfo()
    {
    }

    public ETag ETag { get; internal init; }

    public DateTimeOffset LastModified { get; internal init; }
}
