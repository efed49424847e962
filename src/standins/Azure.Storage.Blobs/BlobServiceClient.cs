using Azure.Core;

namespace Azure.Storage.Blobs;

public class BlobServiceClient
{
    public BlobServiceClient(string connectionString, BlobClientOptions options)
    {
    }

    public BlobServiceClient(Uri serviceUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
    {
    }

    public BlobServiceClient(Uri serviceUri, AzureSasCredential credential, BlobClientOptions options = null)
    {
    }

    public BlobServiceClient(Uri serviceUri, TokenCredential credential, BlobClientOptions options = null)
    {
    }

    protected BlobServiceClient()
    {
    }

    public virtual string AccountName => throw new NotSupportedException();

    public virtual Uri Uri => throw new NotSupportedException();

    public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName) => throw new NotSupportedException();
}
