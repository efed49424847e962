using Serverless.Storage;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>
/// A store as one process sees it: dies before or after its n-th commit (the process is then of no more use), or refuses
/// single commits.
/// </summary>
internal sealed class FaultingRowStore(IRowStore inner) : IRowStore
{
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _commits;
    private int _refusals;
    private int _reads;
    private int _queries;

    /// <summary>The commit that the process does not survive, from 1; 0 for none.</summary>
    public int CrashAt { get; init; }

    /// <summary>The commit that fails once without the process ending, from 1; 0 for none.</summary>
    public int RefuseAt { get; init; }

    /// <summary>True when that commit is still applied.</summary>
    public bool AfterApplying { get; init; }

    /// <summary>Called before each commit; may hold it back.</summary>
    public Func<RowCommit, Task>? BeforeCommit { get; set; }

    /// <summary>Called with what was read, before the reader has it.</summary>
    public Func<RowAddress, Task>? AfterRead { get; init; }

    /// <summary>Called by whoever waits for the disk; may hold it up, or fail.</summary>
    public Func<Task>? BeforeDurable { get; set; }

    public int Commits => Volatile.Read(ref _commits);

    public int Reads => Volatile.Read(ref _reads);

    public int Queries => Volatile.Read(ref _queries);

    public Task Crashed => _crashed.Task;

    /// <summary>Makes the next commits fail.</summary>
    public void RefuseNext(int count) => Volatile.Write(ref _refusals, count);

    public ValueTask WhenDurableAsync(CancellationToken cancellationToken = default) => new(BeforeDurable?.Invoke() ?? Task.CompletedTask);

    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        Interlocked.Increment(ref _reads);
        var row = await inner.GetAsync(address, cancellationToken);
        await (AfterRead?.Invoke(address) ?? Task.CompletedTask);
        return row;
    }

    public ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfDead();
        Interlocked.Increment(ref _queries);
        return inner.QueryAsync(range, limit, continuation, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        await (BeforeCommit?.Invoke(commit) ?? Task.CompletedTask);
        var number = Interlocked.Increment(ref _commits);
        var crash = number == CrashAt;
        var refuse = number == RefuseAt || Interlocked.Decrement(ref _refusals) >= 0;
        if ((crash || refuse) && AfterApplying)
        {
            await inner.CommitAsync(commit, cancellationToken);
        }

        if (crash)
        {
            _crashed.TrySetResult();
        }

        return crash || refuse
            ? throw new RowStoreUnavailableException("The store is gone.")
            : await inner.CommitAsync(commit, cancellationToken);
    }

    public ValueTask<int> SweepAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        return inner.SweepAsync(cancellationToken);
    }

    private void ThrowIfDead()
    {
        if (_crashed.Task.IsCompleted)
        {
            throw new RowStoreUnavailableException("The store is gone.");
        }
    }
}
