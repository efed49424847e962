using Serverless.Storage;

namespace Serverless.Server;

/// <summary>
/// Whether the store can be read and written now. A store can often be read when it cannot be written (a full disk, a key for reading), so
/// it is tried; many askers share one attempt.
/// </summary>
internal sealed class StoreProbe(IRowStore store, TimeProvider time)
{
    /// <summary>For how long an answer holds.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    /// <summary>How long a probe waits for the store.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string NotWritable = "Database cannot be written";

    private static readonly RowAddress Row = new("settings", "server", "probe");

    private readonly Lock _lock = new();
    private Task<string?>? _attempt;
    private long _started;

    /// <summary>How the store says it is; null for one that does not say.</summary>
    public StoreHealth? Health => (store as IStoreHealth)?.Health;

    /// <summary>What is wrong; null when the store serves.</summary>
    public async Task<string?> TroubleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var trouble = await Attempt().WaitAsync(Patience, time, cancellationToken);

            // A full disk may have room for the probe and for little else.
            return Health?.WriteFailure is { } failure ? $"{NotWritable}: {failure}" : trouble;
        }
        catch (TimeoutException)
        {
            return "Database is not available";
        }
    }

    private Task<string?> Attempt()
    {
        lock (_lock)
        {
            if (_attempt is null || (_attempt.IsCompleted && time.GetElapsedTime(_started) >= Age))
            {
                _started = time.GetTimestamp();
                _attempt = TryAsync();
            }

            return _attempt;
        }
    }

    private async Task<string?> TryAsync()
    {
        try
        {
            await store.GetAsync(Row);
        }
        catch (RowStoreUnavailableException)
        {
            return "Database is not available";
        }
        catch (RowDamagedException)
        {
            // Is written anew.
        }

        try
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(Row, new() { { "time", time.GetUtcNow() } })));
            return null;
        }
        catch (RowStoreUnavailableException)
        {
            return NotWritable;
        }
    }
}
