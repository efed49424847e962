using Serverless.Testing;

namespace Serverless.LocalRuntime.Tests.Fixtures;

/// <summary>A clock that does not agree with its timers: it is behind them, or is set back just after one was found to be due.</summary>
internal sealed class SteppingTimeProvider(ManualTimeProvider inner) : TimeProvider
{
    private readonly Lock _lock = new();
    private TimeSpan _behind;
    private (DateTimeOffset From, TimeSpan By)? _step;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>From now on the clock is behind its timers.</summary>
    public void Lag(TimeSpan by)
    {
        lock (_lock)
        {
            _behind = by;
        }
    }

    /// <summary>The clock is set back once it has been read at a time or later.</summary>
    public void StepBackAfter(DateTimeOffset from, TimeSpan by)
    {
        lock (_lock)
        {
            _step = (from, by);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var now = inner.GetUtcNow() - _behind;
            if (_step is { } step && now >= step.From)
            {
                _behind += step.By;
                _step = null;
            }

            return now;
        }
    }

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
