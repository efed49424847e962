using Azure.Core;
using Azure.Storage.Blobs.Internal;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Azure.Storage.Blobs;

public class BlobClient : BlobBaseClient
{
    internal BlobClient(BlobEndpoint endpoint, string container, string name)
        : base(endpoint, container, name)
    {
    }

    protected BlobClient()
    {
    }

    public virtual async Task<Response<BlobContentInfo>> UploadAsync(BinaryData content, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        using HttpMessage message = Endpoint.CreateMessage(RequestMethod.Put, Uri, 201);
        message.Request.Headers.SetValue("x-ms-blob-type", "BlockBlob");
        message.Request.Headers.SetValue("Content-Type", "application/octet-stream");
        if (!overwrite)
        {
            message.Request.Headers.SetValue("If-None-Match", ETag.All.ToString());
        }

        message.Request.Content = RequestContent.Create(content);
        Response response = await Endpoint.SendAsync(message, cancellationToken);
        BlobContentInfo info = new()
        {
            ETag = response.Headers.ETag ?? default,
            LastModified = response.Headers.TryGetValue("Last-Modified", out string modified) ? BlobEndpoint.DateOf(modified) : default,
        };
        return Response.FromValue(info, response);
    }
}
