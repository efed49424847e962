using System.Collections.Concurrent;
using System.Diagnostics;
using Serverless.Storage.Telemetry;

namespace Serverless.Storage.Sqlite;

/// <summary>
/// The one writer: a thread that takes whatever commits have queued up while it wrote the last group, and writes
/// them as the next. <see cref="LogSync"/> makes them durable. One caller alone waits for nothing but the disk; many share each sync.
/// </summary>
internal sealed class CommitWriter : IAsyncDisposable
{
    private const int MaxGroupCommits = 1024;
    private const int MaxGroupBytes = 8 * 1024 * 1024;

    /// <summary>After this time without another failure only a new attempt can tell.</summary>
    private static readonly TimeSpan FailureAge = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<PendingCommit> _queue = new();
    private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 10);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteConnection _connection;
    private readonly GroupTransaction _transaction;
    private readonly DurableMark _mark;
    private readonly LogSync _sync;
    private readonly FreePages _free;
    private readonly Checkpointer _checkpointer;
    private readonly WriterCounters _counters;
    private volatile WriteFailure? _failure;
    private volatile bool _stopping;
    private volatile bool _stopped;

    /// <summary>Takes over the connection and starts the thread.</summary>
    public CommitWriter(
        SqliteConnection connection,
        TableCatalog catalog,
        DurableMark mark,
        LogSync sync,
        ReaderPool readers,
        WriterCounters counters,
        int checkpointPages
    )
    {
        _connection = connection;
        _counters = counters;
        _mark = mark;
        _sync = sync;
        _transaction = new(connection, catalog, mark, counters);
        _free = new(connection);
        _checkpointer = new(connection, readers, checkpointPages, counters);
        new Thread(Run) { IsBackground = true, Name = "SQLite writer" }.Start();
    }

    /// <summary>Why a group failed a moment ago, when none of its size has been written since; null otherwise.</summary>
    public string? Failure =>
        _sync.Failure is { } lost ? lost.Message
        : _failure is { } failure && Stopwatch.GetElapsedTime(failure.At) < FailureAge ? failure.Message
        : null;

    public Task<CommitResult> Enqueue(EncodedCommit commit)
    {
        PendingCommit pending = new(commit, DeferredCommits.AreOn);
        _queue.Enqueue(pending);

        // The commit must be seen in the queue before the signal is read, or the writer could sleep over it.
        Interlocked.MemoryBarrier();
        if (!_signal.IsSet)
        {
            _signal.Set();
        }

        if (_stopped)
        {
            FailQueued();
        }

        return pending.Task;
    }

    /// <summary>Writes what is queued, empties the log and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _signal.Set();
        await _ended.Task;
    }

    private void Run()
    {
        List<PendingCommit> group = new(MaxGroupCommits);
        while (true)
        {
            TakeGroup(group);
            if (group.Count > 0)
            {
                Write(group);
                group.Clear();
            }
            else if (_stopping)
            {
                break;
            }
            else
            {
                _signal.Reset();
                if (_queue.IsEmpty && !_stopping && !_signal.Wait(Earlier(_mark.Due, _free.Due) ?? Timeout.InfiniteTimeSpan))
                {
                    WorkWhileIdle();
                }
            }
        }

        _stopped = true;
        Interlocked.MemoryBarrier();
        FailQueued();
        Close();
    }

    private void TakeGroup(List<PendingCommit> group)
    {
        var bytes = 0;
        while (group.Count < MaxGroupCommits && bytes < MaxGroupBytes && _queue.TryDequeue(out var pending))
        {
            group.Add(pending);
            bytes += pending.Encoded.Bytes;
        }
    }

    private void Write(List<PendingCommit> group)
    {
        try
        {
            if (_sync.Failure is { } lost)
            {
                throw lost;
            }

            _transaction.Write(group);
        }
        catch (Exception e)
        {
            // Whatever it was, the callers get it and the writer continues with the next group.
            _counters.GroupFailed();
            _failure = new(e.Message, Stopwatch.GetTimestamp(), Size(group));
            Fail(group, e);
            return;
        }

        // A full disk may still have room for a little.
        if (_failure is { } failure && Size(group) >= failure.Bytes)
        {
            _failure = null;
        }

        Answer(group);
        _free.AfterGroup();
        GiveBack();
        _checkpointer.AfterGroup();
    }

    private void Answer(List<PendingCommit> group)
    {
        var number = _sync.Written();
        List<PendingCommit> waiting = [];
        foreach (var pending in group)
        {
            pending.Encoded.Release();
            if (pending.IsDeferred)
            {
                Answer(pending, lost: null);
            }
            else
            {
                waiting.Add(pending);
            }
        }

        if (waiting.Count > 0)
        {
            _sync.WhenDurable(number, lost => waiting.ForEach(pending => Answer(pending, lost)));
        }
    }

    private static void Answer(PendingCommit pending, Exception? lost)
    {
        StoreMetrics.Committed(
            StoreMetrics.Sqlite,
            pending.Start,
            pending.Encoded.Operations.Length,
            lost is null ? pending.Outcome : null
        );
        if (lost is null)
        {
            pending.SetResult(pending.Outcome!);
        }
        else
        {
            pending.SetException(lost);
        }
    }

    private static long Size(List<PendingCommit> group) => group.Sum(pending => (long)pending.Encoded.Bytes);

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) =>
        one is null ? other
        : other is null || one < other ? one
        : other;

    private void WorkWhileIdle()
    {
        if (_mark.Due == TimeSpan.Zero)
        {
            CatchUp();
        }

        GiveBack();
    }

    private void GiveBack()
    {
        try
        {
            if (_free.Run())
            {
                _checkpointer.Now();
            }
        }
        catch (SqliteErrorException)
        {
            // The space is free for the next commits all the same.
            _counters.GroupFailed();
        }
    }

    private void CatchUp()
    {
        try
        {
            _mark.CatchUp();
        }
        catch (SqliteErrorException)
        {
            // Nobody's commit: those before are durable, and the next one meets the same trouble and says so.
            _counters.GroupFailed();
        }
    }

    private static void Fail(List<PendingCommit> group, Exception cause)
    {
        foreach (var pending in group)
        {
            pending.Encoded.Release();
            Answer(
                pending,
                cause as RowStoreUnavailableException
                    ?? new RowStoreUnavailableException($"The commit could not be written: {cause.Message}", cause)
            );
        }
    }

    private void FailQueued()
    {
        while (_queue.TryDequeue(out var pending))
        {
            pending.Encoded.Release();
            pending.SetException(new RowStoreUnavailableException("The store is closed."));
        }
    }

    private void Close()
    {
        try
        {
            _transaction.Dispose();
            if (_mark.Due is not null)
            {
                CatchUp();
            }

            _sync.Dispose();
            _checkpointer.AtClose();
            _mark.Dispose();
            _connection.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
    }

    private sealed record WriteFailure(string Message, long At, long Bytes);
}
