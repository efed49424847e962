using Serverless.Storage;
using Serverless.Storage.Columns;
using Serverless.Testing;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>
/// The rows as one process sees them. Once the process has crashed, nothing comes back from the store any more, so that
/// what is left of it in memory stands still. Tells of each commit: a condition on rows can only change with one.
/// </summary>
internal sealed class MortalRowStore(IRowStore rows) : IRowStore
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = NewSignal();
    private int _commits;
    private int _reads;
    private int _inFlight;
    private int _begun;
    private int _ended;
    private bool _dead;

    public IColumnStore? Columns => rows.Columns is { } columns ? new ObservedColumnStore(columns, BeginReadAsync, EndReadAsync) : null;

    /// <summary>After which commit the process crashes, from 1; 0 for none.</summary>
    public int CrashAfter { get; set; }

    /// <summary>Called before each commit; may hold it back.</summary>
    public Func<RowCommit, Task>? BeforeCommit { get; set; }

    /// <summary>Called by whoever waits for the disk; may hold it up, or fail.</summary>
    public Func<Task>? BeforeDurable { get; set; }

    public int Commits => Volatile.Read(ref _commits);

    /// <summary>How often a row or a range was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public bool IsDead => Volatile.Read(ref _dead);

    /// <summary>Completes with the next commit, or the crash.</summary>
    public Task NextCommit
    {
        get
        {
            lock (_lock)
            {
                return _dead ? Task.CompletedTask : _next.Task;
            }
        }
    }

    /// <summary>
    /// Completes when nobody seems to work: no call is under way, and none begins in the next moment; or when one is held back. Who moves
    /// the clock before that makes the timers run over and over while the work that they wait for goes on.
    /// </summary>
    public async Task WhenQuietAsync()
    {
        for (var look = 0; look < 50 && !IsDead; look++)
        {
            var begun = Volatile.Read(ref _begun);
            for (var turn = 0; turn < 50 && begun == Volatile.Read(ref _begun); turn++)
            {
                await Task.Yield();
            }

            if (begun == Volatile.Read(ref _begun) && begun == Volatile.Read(ref _ended))
            {
                return;
            }

            await Task.Delay(1);
        }
    }

    /// <summary>The process does not crash by itself any more; true when it has.</summary>
    public bool Survive()
    {
        lock (_lock)
        {
            CrashAfter = 0;
            return _dead;
        }
    }

    /// <summary>Ends the process; returns when its commits under way have come to the store or not.</summary>
    public async Task CrashAsync()
    {
        lock (_lock)
        {
            _dead = true;
        }

        while (Volatile.Read(ref _inFlight) > 0)
        {
            await Task.Yield();
        }

        _next.TrySetResult();
    }

    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return await AliveAsync(await CallAsync(rows.GetAsync(address, cancellationToken)));
    }

    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        Interlocked.Increment(ref _reads);
        return await AliveAsync(await CallAsync(rows.QueryAsync(range, limit, continuation, cancellationToken)));
    }

    public ValueTask WhenDurableAsync(CancellationToken cancellationToken = default) => new(BeforeDurable?.Invoke() ?? Task.CompletedTask);

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        if (BeforeCommit is { } hold)
        {
            await hold(commit);
        }

        if (!TryEnter())
        {
            return await AliveAsync(new CommitResult(null, []));
        }

        CommitResult result;
        try
        {
            result = await CallAsync(rows.CommitAsync(commit, CancellationToken.None));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }

        Signal();
        return await AliveAsync(result);
    }

    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) =>
        await AliveAsync(await CallAsync(rows.SweepAsync(cancellationToken)));

    private ValueTask BeginReadAsync()
    {
        Interlocked.Increment(ref _reads);
        Interlocked.Increment(ref _begun);
        return default;
    }

    private async ValueTask EndReadAsync()
    {
        Interlocked.Increment(ref _ended);
        await AliveAsync(true);
    }

    private async ValueTask<T> CallAsync<T>(ValueTask<T> call)
    {
        Interlocked.Increment(ref _begun);
        try
        {
            return await call;
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_dead)
            {
                return false;
            }

            // Not by ++, which would undo what a commit that ends just now takes away.
            Interlocked.Increment(ref _inFlight);
            _dead = ++_commits == CrashAfter;
            return true;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Signal()
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            signal = _next;
            _next = NewSignal();
        }

        signal.TrySetResult();
    }

    private Task<T> AliveAsync<T>(T value) => IsDead ? new TaskCompletionSource<T>().Task : Task.FromResult(value);
}
