namespace Serverless.LocalRuntime.Instances;

/// <summary>When which instance is to be woken for its next durable timer: one clock timer for all of them.</summary>
internal sealed class WakeQueue : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _order = new();
    private readonly TimeProvider _time;
    private readonly Action<string> _wake;
    private readonly ITimer _timer;
    private DateTimeOffset? _armedFor;

    public WakeQueue(TimeProvider time, Action<string> wake)
    {
        _time = time;
        _wake = wake;
        _timer = time.CreateTimer(static state => ((WakeQueue)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the next instance is to be woken; null for none.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_lock)
            {
                return PeekNext();
            }
        }
    }

    /// <summary>Sets when an instance is woken; null for not at all.</summary>
    public void Set(string instanceId, DateTimeOffset? due)
    {
        lock (_lock)
        {
            if (due is not { } time)
            {
                _due.Remove(instanceId);
                return;
            }

            if (_due.TryGetValue(instanceId, out var present) && present == time)
            {
                return;
            }

            _due[instanceId] = time;
            _order.Enqueue(instanceId, time);
            if (_order.Count > (2 * _due.Count) + 1000)
            {
                Compact();
            }

            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Wakes all that are due, as the clock timer does.</summary>
    public void Fire()
    {
        List<string> due = [];
        lock (_lock)
        {
            _armedFor = null;
            var now = _time.GetUtcNow();
            while (_order.TryPeek(out var id, out var time) && time <= now)
            {
                _order.Dequeue();
                if (_due.TryGetValue(id, out var present) && present == time)
                {
                    _due.Remove(id);
                    due.Add(id);
                }
            }

            Arm();
        }

        foreach (var id in due)
        {
            _wake(id);
        }
    }

    private DateTimeOffset? PeekNext()
    {
        // Entries that were replaced stay in the heap until they come up.
        while (_order.TryPeek(out var id, out var time))
        {
            if (_due.TryGetValue(id, out var present) && present == time)
            {
                return time;
            }

            _order.Dequeue();
        }

        return null;
    }

    private void Arm()
    {
        if (PeekNext() is not { } next || _armedFor <= next)
        {
            return;
        }

        _armedFor = next;
        var wait = next - _time.GetUtcNow();

        // Clock timers count whole milliseconds and would come early; very long ones they cannot count.
        var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, LongestSleep.TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }

    private void Compact()
    {
        _order.Clear();
        foreach ((var id, var due) in _due)
        {
            _order.Enqueue(id, due);
        }
    }
}
