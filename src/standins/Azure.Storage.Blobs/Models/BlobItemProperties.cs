namespace Azure.Storage.Blobs.Models;

public class BlobItemProperties
{
    internal BlobItemProperties()
    {
    }

    public long? ContentLength { get; internal init; }

    public DateTimeOffset? CreatedOn { get; internal init; }

    public ETag? ETag { get; internal init; }

    public DateTimeOffset? LastModified { get; internal init; }
}
