using System.Collections.Concurrent;

namespace Serverless.Flows.Testing.Tests.Fixtures;

/// <summary>Something outside of the app; it outlives the processes of a test.</summary>
internal sealed class Bank
{
    private readonly ConcurrentQueue<int> _payments = [];
    private readonly ConcurrentDictionary<string, bool> _keys = [];

    public IReadOnlyList<int> Payments => [.. _payments];

    /// <summary>Pays; once, if there is a key.</summary>
    public void Pay(string? key, int amount)
    {
        if (key is null || _keys.TryAdd(key, true))
        {
            _payments.Enqueue(amount);
        }
    }
}
