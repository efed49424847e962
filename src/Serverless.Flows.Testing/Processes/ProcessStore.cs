using Serverless.Storage;
using Serverless.Storage.Columns;

namespace Serverless.Flows.Testing.Processes;

/// <summary>
/// The rows as one process of a test sees them. Once the process is dead, nothing comes back from them any more, so that what is left of it
/// in memory stands still.
/// </summary>
internal sealed class ProcessStore(IRowStore rows) : IRowStore
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _written;
    private int _writing;
    private int _steps;
    private int _last = -1;
    private bool _dead;

    /// <summary>Completes when the process is dead.</summary>
    public Task Died => _died.Task;

    public bool IsDead => Volatile.Read(ref _dead);

    public IColumnStore? Columns => rows.Columns is { } columns ? new ProcessColumns(this, columns) : null;

    /// <summary>The process dies at a commit, counted from here on, which is lost.</summary>
    public void DieAt(int step)
    {
        lock (_lock)
        {
            _steps = 0;
            _last = step;
        }
    }

    /// <summary>The process is dead; returns when what it is writing has been written.</summary>
    public async Task DieAsync()
    {
        Task written;
        lock (_lock)
        {
            _dead = true;
            written = _writing == 0 ? Task.CompletedTask : (_written ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        _died.TrySetResult();
        await written;
    }

    public async ValueTask<Row?> GetAsync(RowAddress address, CancellationToken cancellationToken = default) =>
        await AliveAsync(await rows.GetAsync(address, cancellationToken));

    public async ValueTask<RowPage> QueryAsync(
        RowRange range,
        int limit = 1000,
        string? continuation = null,
        CancellationToken cancellationToken = default
    ) => await AliveAsync(await rows.QueryAsync(range, limit, continuation, cancellationToken));

    public async ValueTask<CommitResult> CommitAsync(RowCommit commit, CancellationToken cancellationToken = default)
    {
        if (!TryBegin())
        {
            return await AliveAsync(new CommitResult(null, []));
        }

        CommitResult result;
        try
        {
            result = await rows.CommitAsync(commit, CancellationToken.None);
        }
        finally
        {
            End();
        }

        return await AliveAsync(result);
    }

    public async ValueTask WhenDurableAsync(CancellationToken cancellationToken = default)
    {
        await rows.WhenDurableAsync(cancellationToken);
        await AliveAsync(true);
    }

    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken = default) =>
        await AliveAsync(await rows.SweepAsync(cancellationToken));

    /// <summary>An answer of the store; never comes when the process is dead.</summary>
    internal Task<T> AliveAsync<T>(T answer) => IsDead ? new TaskCompletionSource<T>().Task : Task.FromResult(answer);

    private bool TryBegin()
    {
        lock (_lock)
        {
            if (!_dead && ++_steps != _last)
            {
                _writing++;
                return true;
            }

            _dead = true;
        }

        _died.TrySetResult();
        return false;
    }

    private void End()
    {
        TaskCompletionSource? written;
        lock (_lock)
        {
            written = --_writing == 0 ? _written : null;
        }

        written?.TrySetResult();
    }
}
