using Azure.Core;
using Azure.Storage.Blobs.Internal;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs;

public class BlobContainerClient
{
    private readonly BlobEndpoint _endpoint;

    internal BlobContainerClient(BlobEndpoint endpoint, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _endpoint = endpoint;
        Name = name;
    }

    protected BlobContainerClient()
    {
    }

    public virtual string AccountName => _endpoint.AccountName;

    public virtual string Name { get; }

    public virtual Uri Uri => _endpoint.Locate(Name);

    public virtual BlobClient GetBlobClient(string blobName) => new(_endpoint, Name, blobName);

    /// <remarks>Null when there was such a container.</remarks>
    public virtual async Task<Response<BlobContainerInfo>> CreateIfNotExistsAsync(
        PublicAccessType publicAccessType = PublicAccessType.None,
        IDictionary<string, string> metadata = null,
        BlobContainerEncryptionScopeOptions encryptionScopeOptions = null,
        CancellationToken cancellationToken = default)
    {
        if (publicAccessType != PublicAccessType.None || metadata is not null || encryptionScopeOptions is not null)
        {
            throw new NotSupportedException("The stand-in of Azure.Storage.Blobs creates plain private containers only.");
        }

        using HttpMessage message = CreateMessage(RequestMethod.Put, 201, 409);
        Response response = await _endpoint.SendUnlessAsync(message, cancellationToken, "ContainerAlreadyExists");
        if (response is null)
        {
            return null;
        }

        BlobContainerInfo info = new()
        {
            ETag = response.Headers.ETag ?? default,
            LastModified = response.Headers.TryGetValue("Last-Modified", out string modified) ? BlobEndpoint.DateOf(modified) : default,
        };
        return Response.FromValue(info, response);
    }

    public virtual async Task<Response<bool>> DeleteIfExistsAsync(BlobRequestConditions conditions = null, CancellationToken cancellationToken = default)
    {
        BlobEndpoint.RefuseConditions(conditions);
        using HttpMessage message = CreateMessage(RequestMethod.Delete, 202, 404);
        Response response = await _endpoint.SendUnlessAsync(message, cancellationToken, "ContainerNotFound");
        return response is null ? Response.FromValue(false, default) : Response.FromValue(true, response);
    }

    public virtual Task<Response<bool>> DeleteBlobIfExistsAsync(
        string blobName,
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default)
        => GetBlobClient(blobName).DeleteIfExistsAsync(snapshotsOption, conditions, cancellationToken);

    // Name all four arguments: the real one has no defaults here since it has an overload with options.
    public virtual AsyncPageable<BlobItem> GetBlobsAsync(BlobTraits traits, BlobStates states, string prefix, CancellationToken cancellationToken)
        => new BlobListing(_endpoint, Name, prefix, cancellationToken);

    private HttpMessage CreateMessage(RequestMethod method, params ReadOnlySpan<ushort> expected)
    {
        HttpMessage message = _endpoint.CreateMessage(method, Uri, expected);
        message.Request.Uri.AppendQuery("restype", "container");
        return message;
    }
}
