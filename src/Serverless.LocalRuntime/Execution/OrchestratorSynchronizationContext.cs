namespace Serverless.LocalRuntime.Execution;

/// <summary>
/// Runs an orchestrator's continuations on the thread of its turn, one after the other. What arrives outside a turn was
/// awaited on something that is not durable and is reported instead of run.
/// </summary>
internal sealed class OrchestratorSynchronizationContext(Action reportForeignWork) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = [];
    private int _thread;
    private volatile bool _letGo;

    /// <summary>True on the thread of the turn under way.</summary>
    public bool IsTurnThread => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsTurnThread)
        {
            _work.Enqueue((d, state));
        }
        else
        {
            reportForeignWork();
        }
    }

    /// <summary>True on the thread of the turn; elsewhere what happens is reported, and must not touch the orchestrator.</summary>
    public bool CheckThread()
    {
        if (!IsTurnThread)
        {
            reportForeignWork();
        }

        return IsTurnThread;
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsTurnThread)
        {
            throw new InvalidOperationException("An orchestrator's code must run on its own thread.");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs code of the orchestrator and everything that it posts.</summary>
    public void Run<T>(Action<T> code, T argument)
    {
        var previous = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            code(argument);
            Drain();
        }
        finally
        {
            SetSynchronizationContext(previous);
            Volatile.Write(ref _thread, 0);
        }
    }

    /// <summary>Runs nothing more of what has been posted.</summary>
    public void LetGo() => _letGo = true;

    /// <summary>Runs what has been posted.</summary>
    public void Drain()
    {
        while (!_letGo && _work.TryDequeue(out var item))
        {
            item.Callback(item.State);
        }
    }
}
