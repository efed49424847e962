using System.Net;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Serverless.Storage.Azure.Wire;

/// <summary>The container of large values. A blob is written once under a name of its own and never overwritten.</summary>
internal sealed class BlobStore(BlobServiceClient service, string prefix)
{
    private readonly BlobContainerClient _container = service.GetBlobContainerClient(prefix + "rows");

    public async Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name);
        BinaryData data = new(content);
        try
        {
            await blob.UploadAsync(data, overwrite: false, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageErrors.IsContainerNotFound(e))
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await WriteAgainAsync(blob, data, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            // The name is new each time, so this is the echo of an earlier try of this request.
        }
    }

    /// <summary>The blob's content; null when it is gone.</summary>
    public async Task<BinaryData?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value.Content;
        }
        catch (RequestFailedException e) when (StorageErrors.IsNotFound(e))
        {
            return null;
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await _container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.None, null, cancellationToken);
        }
        catch (RequestFailedException e) when (StorageErrors.IsNotFound(e))
        {
            // The container is not there either.
        }
    }

    /// <summary>A page of names in their order, and the token of the next one.</summary>
    public async Task<(IReadOnlyList<string> Names, string? Continuation)> ListAsync(
        int limit,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var pages = _container
                .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken)
                .AsPages(continuation, limit);
            await foreach (var page in pages.WithCancellation(cancellationToken))
            {
                return (
                    [.. page.Values.Select(blob => blob.Name)],
                    string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken
                );
            }
        }
        catch (RequestFailedException e) when (StorageErrors.IsNotFound(e))
        {
            // Nothing was ever spilled.
        }

        return ([], null);
    }

    private static async Task WriteAgainAsync(BlobClient blob, BinaryData data, CancellationToken cancellationToken)
    {
        try
        {
            await blob.UploadAsync(data, overwrite: false, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict && !StorageErrors.IsContainerNotFound(e))
        {
            // As above.
        }
    }
}
