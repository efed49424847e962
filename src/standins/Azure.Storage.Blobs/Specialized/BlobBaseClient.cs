using Azure.Core;
using Azure.Storage.Blobs.Internal;
using Azure.Storage.Blobs.Models;

namespace Azure.Storage.Blobs.Specialized;

public class BlobBaseClient
{
    internal BlobBaseClient(BlobEndpoint endpoint, string container, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Endpoint = endpoint;
        BlobContainerName = container;
        Name = name;
    }

    protected BlobBaseClient()
    {
    }

    public virtual string BlobContainerName { get; }

    public virtual string Name { get; }

    public virtual Uri Uri => Endpoint.Locate(BlobContainerName, Name);

    internal BlobEndpoint Endpoint { get; }

    public virtual async Task<Response<bool>> DeleteIfExistsAsync(
        DeleteSnapshotsOption snapshotsOption = DeleteSnapshotsOption.None,
        BlobRequestConditions conditions = null,
        CancellationToken cancellationToken = default)
    {
        BlobEndpoint.RefuseConditions(conditions);
        using HttpMessage message = Endpoint.CreateMessage(RequestMethod.Delete, Uri, 202, 404);
        if (snapshotsOption != DeleteSnapshotsOption.None)
        {
            message.Request.Headers.SetValue("x-ms-delete-snapshots", snapshotsOption == DeleteSnapshotsOption.OnlySnapshots ? "only" : "include");
        }

        Response response = await Endpoint.SendUnlessAsync(message, cancellationToken, "BlobNotFound", "ContainerNotFound");
        return response is null ? Response.FromValue(false, default) : Response.FromValue(true, response);
    }

    public virtual async Task<Response<BlobDownloadResult>> DownloadContentAsync(CancellationToken cancellationToken)
    {
        using HttpMessage message = Endpoint.CreateMessage(RequestMethod.Get, Uri, 200);
        Response response = await Endpoint.SendAsync(message, cancellationToken);
        return Response.FromValue(new BlobDownloadResult { Content = response.Content }, response);
    }
}
