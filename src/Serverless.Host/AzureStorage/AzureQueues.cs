using System.Collections.Concurrent;
using Serverless.LocalRuntime.Triggers;
using Serverless.Storage.Azure;

namespace Serverless.Host.AzureStorage;

/// <summary>The storage queues of an account.</summary>
internal sealed class AzureQueues(AzureStorageAccount account) : IMessageQueues
{
    private readonly ConcurrentDictionary<string, AzureQueue> _queues = new(StringComparer.Ordinal);

    public IMessageQueue Open(string name) => _queues.GetOrAdd(name, static (name, account) => new AzureQueue(account, name), account);
}
