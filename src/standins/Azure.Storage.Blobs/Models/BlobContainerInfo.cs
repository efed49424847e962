namespace Azure.Storage.Blobs.Models;

public class BlobContainerInfo
{
    internal BlobContainerInfo()
    {
    }

    public ETag ETag { get; internal init; }

    public DateTimeOffset LastModified { get; internal init; }
}
