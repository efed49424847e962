using System.Buffers.Text;
using Microsoft.Extensions.Logging;
using Serverless.Storage.Azure.Entities;
using Serverless.Storage.Azure.Wire;

namespace Serverless.Storage.Azure.Commits;

/// <summary>What the parts of one store share.</summary>
internal sealed class StoreContext(
    TableDirectory tables,
    BlobStore blobs,
    AzureStorageOptions account,
    AzureTableRowStoreOptions options,
    TimeProvider time,
    ILogger logger
)
{
    public TableDirectory Tables => tables;

    public BlobStore Blobs => blobs;

    public AzureTableRowStoreOptions Options => options;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A short unique text of letters, digits, '-' and '_'.</summary>
    public string NewId() => Base64Url.EncodeToString(options.NewId().ToByteArray());

    public string NewBlobId() => SpilledValue.NewId(Now, NewId());

    /// <summary>
    /// Runs an action for each item, a bounded number at once; ends when all have ended, and throws what the first one threw.
    /// </summary>
    public Task ForEachAsync<T>(IReadOnlyCollection<T> items, Func<T, Task> action)
    {
        return items.Count switch
        {
            0 => Task.CompletedTask,
            1 => action(items.First()),
            _ => Task.WhenAll(Start()),
        };

        IEnumerable<Task> Start()
        {
            SemaphoreSlim slots = new(options.MaxParallelRequests);
            return items.Select(async item =>
            {
                await slots.WaitAsync();
                try
                {
                    await action(item);
                }
                finally
                {
                    slots.Release();
                }
            });
        }
    }

    /// <summary>Waits before a request is made again that the client does not retry itself. In real time, as the clients do.</summary>
    public Task BackOffAsync(int attempt, CancellationToken cancellationToken) =>
        Task.Delay(account.RetryDelay * Math.Pow(2, attempt), TimeProvider.System, cancellationToken);

    /// <summary>True when a request may be made once more.</summary>
    public bool MayRetry(int attempt) => attempt < account.MaxRetries;
}
