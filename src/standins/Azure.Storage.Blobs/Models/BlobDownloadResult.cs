namespace Azure.Storage.Blobs.Models;

public class BlobDownloadResult
{
    internal BlobDownloadResult()
    {
    }

    public BinaryData Content { get; internal init; }
}
