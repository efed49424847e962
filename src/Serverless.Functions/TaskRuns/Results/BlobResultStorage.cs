using System.Net;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Flows;
using Serverless.Storage.Azure;

namespace Serverless.Functions.TaskRuns;

/// <summary>
/// Keeps values in a container of Azure Blob Storage, which is made when the first value is written. A value travels in blocks of 4 MiB,
/// and is there when all of them are.
/// </summary>
/// <param name="container">The container.</param>
public sealed class BlobResultStorage(BlobContainerClient container) : IResultStorage
{
    private readonly BlobContainerClient _container = container ?? throw new ArgumentNullException(nameof(container));

    /// <summary>A storage in the account that the function app itself uses, for <c>services.AddResultStorage</c>.</summary>
    /// <param name="container">The container's name.</param>
    /// <returns>What makes the storage. It throws on a host without a storage account.</returns>
    public static Func<IServiceProvider, IResultStorage> InAppsAccount(string container) =>
        provider => new BlobResultStorage(provider.GetRequiredService<AzureStorageAccount>().Blobs.GetBlobContainerClient(container));

    /// <inheritdoc/>
    public async Task<long> WriteAsync(string key, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var blob = _container.GetBlockBlobClient(key);
        await using BlobBlocks blocks = new(blob);
        await write(blocks, cancellationToken);
        await blocks.FlushBlockAsync(cancellationToken);
        try
        {
            await blob.CommitBlockListAsync(blocks.Ids, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // Another writer of the key was faster, by which these blocks are gone: its value is there, as a whole.
            if (!await ExistsAsync(key, cancellationToken))
            {
                throw;
            }
        }

        return blocks.Length;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await _container.GetBlobClient(key).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) =>
        await _container.GetBlobClient(key).ExistsAsync(cancellationToken);
}
