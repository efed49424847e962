using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Internal;

namespace Azure.Storage.Blobs;

public class BlobServiceClient
{
    private const string StorageScope = "https://storage.azure.com/.default";

    private readonly BlobEndpoint _endpoint;

    public BlobServiceClient(string connectionString, BlobClientOptions options)
    {
        BlobConnectionString parsed = BlobConnectionString.Parse(connectionString);
        _endpoint = new(parsed.Endpoint, parsed.AccountName, parsed.Authentication, options);
    }

    public BlobServiceClient(Uri serviceUri, StorageSharedKeyCredential credential, BlobClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(credential);
        _endpoint = new(serviceUri, credential.AccountName, new SharedKeyPolicy(credential), options);
    }

    public BlobServiceClient(Uri serviceUri, AzureSasCredential credential, BlobClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(credential);
        _endpoint = new(serviceUri, BlobEndpoint.AccountOf(serviceUri), new SasPolicy(credential), options);
    }

    public BlobServiceClient(Uri serviceUri, TokenCredential credential, BlobClientOptions options = null)
    {
        ArgumentNullException.ThrowIfNull(serviceUri);
        ArgumentNullException.ThrowIfNull(credential);
        if (serviceUri.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException("Use TokenCredential with an HTTPS address.", nameof(serviceUri));
        }

        _endpoint = new(serviceUri, BlobEndpoint.AccountOf(serviceUri), new BearerTokenAuthenticationPolicy(credential, StorageScope), options);
    }

    protected BlobServiceClient()
    {
    }

    public string AccountName => _endpoint.AccountName;

    public virtual Uri Uri => _endpoint.Uri;

    public virtual BlobContainerClient GetBlobContainerClient(string blobContainerName) => new(_endpoint, blobContainerName);
}
