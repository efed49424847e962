namespace Serverless.Functions.Engine;

/// <summary>Open while a flow run may start work, closed while it is paused. Used inside one orchestration only.</summary>
internal sealed class PauseSignal
{
    private TaskCompletionSource? _closed;

    /// <summary>True while the run is paused.</summary>
    public bool IsClosed => _closed is not null;

    /// <summary>Completes when the run is not paused.</summary>
    public Task WhenOpen => _closed?.Task ?? Task.CompletedTask;

    /// <summary>The run was paused.</summary>
    public void Close() => _closed ??= new TaskCompletionSource();

    /// <summary>The run was resumed.</summary>
    public void Open()
    {
        TaskCompletionSource? closed = _closed;
        _closed = null;
        closed?.SetResult();
    }
}
