namespace Serverless.Flows.Testing.Clock;

/// <summary>
/// The clock of one process of a test. It stands still until it is moved. Timers of the code of tasks follow it; those of the engine, which
/// see to retries of the store and the like, follow real time.
/// </summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly AsyncLocal<TaskBody?> Body = new();

    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private DateTimeOffset _now;
    private int _waiting;
    private long _changes;

    public VirtualClock(DateTimeOffset start)
    {
        _now = start.ToUniversalTime();
        Engine = new EngineClock(this);
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The same clock, with timers that follow real time even if the code of a task sets them.</summary>
    public TimeProvider Engine { get; }

    /// <summary>How many attempts wait for a timer of their own.</summary>
    public int WaitingBodies => Volatile.Read(ref _waiting);

    /// <summary>Counts what happened to timers, ever.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>When the next timer of the code of a task is due, or the time limit of an attempt; null for none.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Where(timer => timer.Body?.IsOver != true).Min(timer => (DateTimeOffset?)timer.Due);
            }
        }
    }

    /// <summary>From here on, the timers that the caller's asynchronous flow sets are those of the code of a task.</summary>
    public static void EnterBody() => Body.Value ??= new TaskBody();

    /// <summary>The same, for code with a time limit.</summary>
    /// <returns>The clock of the limit, which ends in real time, too, where code hangs.</returns>
    public TimeProvider BeginLimited()
    {
        TaskBody body = new() { AwaitsLimit = true };
        Body.Value = body;
        return new LimitClock(this, body);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Body.Value is { } body
            ? Create(body, callback, state, dueTime, period)
            : System.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Moves the clock to a time that is not in its past, and fires every timer of tasks that comes due on the way.</summary>
    public void AdvanceTo(DateTimeOffset time)
    {
        while (true)
        {
            VirtualTimer? next;
            lock (_lock)
            {
                next = _timers.MinBy(timer => timer.Due);
                if (next is null || next.Due > time)
                {
                    _now = time > _now ? time.ToUniversalTime() : _now;
                    return;
                }

                _now = next.Due > _now ? next.Due : _now;
                Disarm(next);
                if (next.Period > TimeSpan.Zero)
                {
                    Arm(next, next.Period);
                }
            }

            next.Fire();
        }
    }

    internal VirtualTimer Create(TaskBody? body, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        VirtualTimer timer = new(this, body, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal bool Change(VirtualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            Disarm(timer);
            timer.Period = period;
            if (dueTime == TimeSpan.Zero)
            {
                // As the system's timers: never within the call that arms them.
                if (period > TimeSpan.Zero)
                {
                    Arm(timer, period);
                }

                ThreadPool.QueueUserWorkItem(static state => ((VirtualTimer)state!).Fire(), timer);
            }
            else if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Arm(timer, dueTime);
            }

            return true;
        }
    }

    internal void Remove(VirtualTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            Disarm(timer);
        }
    }

    private void Arm(VirtualTimer timer, TimeSpan dueTime)
    {
        timer.Due = _now + dueTime;
        _timers.Add(timer);
        Update(timer.Body, static body => body.Timers++);
    }

    private void Disarm(VirtualTimer timer)
    {
        if (_timers.Remove(timer))
        {
            Update(timer.Body, static body => body.Timers--);
        }
    }

    private void Update(TaskBody? body, Action<TaskBody> change)
    {
        lock (_lock)
        {
            _changes++;
            if (body is not null)
            {
                _waiting -= body.Waits ? 1 : 0;
                change(body);
                _waiting += body.Waits ? 1 : 0;
            }
        }
    }

    /// <summary>Timers that follow real time.</summary>
    private sealed class EngineClock(VirtualClock clock) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();
    }

    private sealed class LimitClock(VirtualClock clock, TaskBody body) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            EitherTimer either = new(
                clock.Create(body: null, End, state, dueTime, period),
                System.CreateTimer(End, state, dueTime, period)
            );
            clock.Update(body, static limited => limited.AwaitsLimit = false);
            return either;

            void End(object? ended)
            {
                clock.Update(body, static limited => limited.IsOver = true);
                callback(ended);
            }
        }
    }

    private sealed class EitherTimer(ITimer first, ITimer second) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => first.Change(dueTime, period) & second.Change(dueTime, period);

        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            await first.DisposeAsync();
            await second.DisposeAsync();
        }
    }
}
