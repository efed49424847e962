using System.Diagnostics;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// Makes the log durable when somebody waits for that, on a thread of its own: the writer continues. Groups become durable in their
/// order, since the log is one file and SQLite reads it up to the first frame that is not whole. After a failure nothing is written any
/// more: what the disk has of the log is not known then, and a second attempt would say that all is well
/// (https://wiki.postgresql.org/wiki/Fsync_Errors).
/// </summary>
internal sealed class LogSync : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 10);
    private readonly Action? _sync;
    private readonly Action<TimeSpan> _synced;
    private readonly Thread? _thread;
    private List<Waiter> _waiters = [];
    private List<Waiter> _served = [];
    private long _written;
    private long _durable;
    private RowStoreUnavailableException? _failure;
    private volatile bool _stopping;
    private bool _hasEnded;

    /// <summary>Starts the thread.</summary>
    /// <param name="sync">Makes the log durable, or throws an <see cref="IOException"/>; null when nobody waits for the disk.</param>
    /// <param name="synced">Told after each sync how long it took.</param>
    public LogSync(Action? sync, Action<TimeSpan> synced)
    {
        _sync = sync;
        _synced = synced;
        if (sync is not null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "SQLite log sync" };
            _thread.Start();
        }
    }

    /// <summary>Why the log could not be made durable; null when it could.</summary>
    public RowStoreUnavailableException? Failure => Volatile.Read(ref _failure);

    /// <summary>A group is in the log.</summary>
    /// <returns>Its number.</returns>
    public long Written() => Interlocked.Increment(ref _written);

    /// <summary>Completes when all that is in the log by now is durable.</summary>
    /// <exception cref="RowStoreUnavailableException">The disk failed.</exception>
    public ValueTask WhenDurableAsync()
    {
        if (Failure is { } failure)
        {
            return ValueTask.FromException(failure);
        }

        var written = Volatile.Read(ref _written);
        if (_sync is null || Volatile.Read(ref _durable) >= written)
        {
            return ValueTask.CompletedTask;
        }

        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(
            new Waiter(
                written,
                error =>
                {
                    if (error is null)
                    {
                        source.SetResult();
                    }
                    else
                    {
                        source.SetException(error);
                    }
                }
            )
        );
        return new ValueTask(source.Task);
    }

    /// <summary>Calls back when a group is durable, on the thread of the syncs; with the error when the disk failed.</summary>
    public void WhenDurable(long group, Action<RowStoreUnavailableException?> done)
    {
        if (_sync is null)
        {
            done(null);
        }
        else
        {
            Add(new Waiter(group, done));
        }
    }

    /// <summary>Serves those who wait, and ends.</summary>
    public void Dispose()
    {
        _stopping = true;
        _signal.Set();
        _thread?.Join();
        _signal.Dispose();
    }

    private void Add(Waiter waiter)
    {
        lock (_lock)
        {
            if (!_hasEnded)
            {
                _waiters.Add(waiter);
                _signal.Set();
                return;
            }
        }

        // The store is closed, which empties the log into the database.
        waiter.Done(Failure);
    }

    private void Run()
    {
        while (true)
        {
            _signal.Wait();
            _signal.Reset();
            while (Take())
            {
                Serve();
            }

            if (_hasEnded)
            {
                return;
            }
        }
    }

    private bool Take()
    {
        lock (_lock)
        {
            if (_waiters.Count == 0)
            {
                _hasEnded = _stopping;
                return false;
            }

            (_waiters, _served) = (_served, _waiters);
            return true;
        }
    }

    private void Serve()
    {
        var written = Volatile.Read(ref _written);
        if (Failure is null && _served.Exists(waiter => waiter.Group > _durable))
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                _sync!();
                Volatile.Write(ref _durable, written);
                _synced(Stopwatch.GetElapsedTime(start));
            }
            catch (IOException error)
            {
                Volatile.Write(
                    ref _failure,
                    new RowStoreUnavailableException(
                        $"The disk failed, and it is unknown which of the last commits it has: {error.Message} The store accepts no more "
                            + "writes; start the host again.",
                        error
                    )
                );
            }
        }

        foreach (var waiter in _served)
        {
            waiter.Done(waiter.Group <= _durable ? null : Failure);
        }

        _served.Clear();
    }

    private readonly record struct Waiter(long Group, Action<RowStoreUnavailableException?> Done);
}
