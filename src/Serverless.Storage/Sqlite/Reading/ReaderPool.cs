using System.Collections.Concurrent;
using System.Diagnostics;

namespace Serverless.Storage.Sqlite;

/// <summary>The read-only connections: opened when first needed, kept until the store closes.</summary>
internal sealed class ReaderPool(string path, int size, DamageReport damage, TableCatalog catalog) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentStack<RowReader> _idle = new();
    private volatile TaskCompletionSource? _pause;
    private volatile bool _closed;

    /// <summary>Takes a connection; waits when all are in use.</summary>
    /// <exception cref="RowStoreUnavailableException">The store is closed.</exception>
    public async ValueTask<RowReader> RentAsync(CancellationToken cancellationToken)
    {
        if (_pause is { } pause)
        {
            await pause.Task.WaitAsync(cancellationToken);
        }

        await _free.WaitAsync(cancellationToken);
        if (!_closed)
        {
            try
            {
                return _idle.TryPop(out var reader) ? reader : new(path, damage, catalog);
            }
            catch
            {
                _free.Release();
                throw;
            }
        }

        _free.Release();
        throw new RowStoreUnavailableException("The store is closed.");
    }

    /// <summary>Gives a connection back; one that has failed is closed, and a fresh one will take its place.</summary>
    public void Return(RowReader reader)
    {
        if (reader.Failed)
        {
            reader.Dispose();
        }
        else
        {
            _idle.Push(reader);
        }

        _free.Release();
    }

    /// <summary>
    /// Lets no read begin and waits for those that run; until <see cref="Resume()"/>, when it answers true.
    /// One thread at a time, the writer's.
    /// </summary>
    public bool TryPause(TimeSpan timeout)
    {
        _pause = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        for (var taken = 0; taken < size; taken++)
        {
            var left = timeout - Stopwatch.GetElapsedTime(start);
            if (!_free.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero))
            {
                Resume(taken);
                return false;
            }
        }

        return true;
    }

    public void Resume() => Resume(size);

    /// <summary>Waits for the reads that run, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < size; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }

        // Late readers find the store closed instead of waiting for ever.
        _free.Release(size);
    }

    private void Resume(int taken)
    {
        if (taken > 0)
        {
            _free.Release(taken);
        }

        var pause = _pause!;
        _pause = null;
        pause.SetResult();
    }
}
