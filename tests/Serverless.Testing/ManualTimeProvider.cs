namespace Serverless.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that moves the clock, in the order
/// in which they are due, and see the clock at their due time.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(DateTimeOffset Before, TaskCompletionSource<DateTimeOffset> Armed)> _waiters = [];
    private DateTimeOffset _now;
    private long _order;

    /// <summary>Starts the clock at <paramref name="start"/>, or at 2026-01-01T00:00:00Z.</summary>
    public ManualTimeProvider(DateTimeOffset? start = null)
    {
        _now = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUniversalTime();
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait for the clock to move.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>When the next timer is due; null when none waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Waits until a timer is armed that is due within a time from now, and returns when it is due: what a test awaits
    /// before it moves the clock to the timer.
    /// </summary>
    public Task<DateTimeOffset> WaitForTimerAsync(TimeSpan within)
    {
        lock (_lock)
        {
            var before = _now + within;
            foreach (var timer in _timers.Where(timer => timer.Due <= before).OrderBy(timer => timer.Due))
            {
                return Task.FromResult(timer.Due);
            }

            TaskCompletionSource<DateTimeOffset> armed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((before, armed));
            return armed.Task;
        }
    }

    /// <summary>Moves the clock from timer to timer, as far as somebody waits for one, until a task ends.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        while (!task.IsCompleted)
        {
            var timer = WaitForTimerAsync(TimeSpan.FromMinutes(1));
            if (await Task.WhenAny(task, timer) == timer)
            {
                AdvanceTo(await timer);
            }
        }

        return await task;
    }

    /// <summary>Moves the clock forward and fires every timer that comes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>Moves the clock to a time that is not in its past and fires every timer that comes due on the way.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.OrderBy(timer => timer.Due).ThenBy(timer => timer.Order).FirstOrDefault();
                if (next is null || next.Due > time)
                {
                    _now = time > _now ? time.ToUniversalTime() : _now;
                    return;
                }

                _now = next.Due > _now ? next.Due : _now;
                _timers.Remove(next);
                if (next.Period > TimeSpan.Zero)
                {
                    Arm(next, next.Period);
                }
            }

            next.Fire();
        }
    }

    internal bool Change(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.Disposed)
            {
                return false;
            }

            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime == TimeSpan.Zero)
            {
                // As the system's timers: never within the call that arms them, but without waiting for the clock.
                if (period > TimeSpan.Zero)
                {
                    Arm(timer, period);
                }

                ThreadPool.QueueUserWorkItem(static state => ((ManualTimer)state!).Fire(), timer);
            }
            else if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(timer, dueTime);
            }

            return true;
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_lock)
        {
            timer.Disposed = true;
            _timers.Remove(timer);
        }
    }

    private void Arm(ManualTimer timer, TimeSpan dueTime)
    {
        timer.Due = _now + dueTime;
        timer.Order = _order++;
        _timers.Add(timer);
        foreach ((var before, var armed) in _waiters)
        {
            if (timer.Due <= before)
            {
                armed.TrySetResult(timer.Due);
            }
        }

        _waiters.RemoveAll(waiter => waiter.Armed.Task.IsCompleted);
    }
}
