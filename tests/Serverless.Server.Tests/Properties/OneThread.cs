namespace Serverless.Server.Tests.Properties;

/// <summary>Keeps what goes on after an await on the thread that began it, which runs it when it pleases.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly object _lock = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_lock)
        {
            _posted.Enqueue((d, state));
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Runs the next piece of work; false when none comes in time.</summary>
    public bool TryRunNext(TimeSpan patience)
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_lock)
        {
            if (_posted.Count == 0)
            {
                Monitor.Wait(_lock, patience);
            }

            if (!_posted.TryDequeue(out next))
            {
                return false;
            }
        }

        next.Callback(next.State);
        return true;
    }
}
