using System.Collections.Concurrent;

namespace Serverless.Storage.Sqlite;

/// <summary>The read-only connections: opened when first needed, kept until the store closes.</summary>
internal sealed class ReaderPool(string path, int size) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(size);
    private readonly ConcurrentStack<RowReader> _idle = new();
    private volatile bool _closed;

    /// <summary>Takes a connection; waits when all are in use.</summary>
    /// <exception cref="RowStoreUnavailableException">The store is closed.</exception>
    public async ValueTask<RowReader> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        if (!_closed)
        {
            try
            {
                return _idle.TryPop(out RowReader? reader) ? reader : new(path);
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

    /// <summary>Waits for the reads that run, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (int i = 0; i < size; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryPop(out RowReader? reader))
        {
            reader.Dispose();
        }

        // Late readers find the store closed instead of waiting for ever.
        _free.Release(size);
    }
}
