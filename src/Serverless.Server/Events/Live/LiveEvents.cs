using Serverless.Core.Filters;
using Serverless.Core.Models;

namespace Serverless.Server.Events;

/// <summary>
/// The latest events of this process, for those who follow events. Each follower reads from where it is; one that does not keep up misses
/// the events that have been dropped meanwhile. Nothing is kept while nobody follows.
/// </summary>
public sealed class LiveEvents : IDisposable
{
    /// <summary>The most events that are kept.</summary>
    public const int MostEvents = 8 * 1024;

    /// <summary>The most bytes of messages that are kept; in memory an event takes about three times its message.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>How old an event may be that a follower still gets (Prefect's PREFECT_EVENTS_MAXIMUM_WEBSOCKET_BACKFILL).</summary>
    public static readonly TimeSpan LongestBackfill = TimeSpan.FromMinutes(15);

    /// <summary>How long events are kept on after the last follower has gone: its connection may have broken, and it comes again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LiveEvent?[] _kept = new LiveEvent?[MostEvents];
    private readonly ITimer _end;
    private TaskCompletionSource _more = New();
    private bool _isWatched;
    private bool _wasFollowed;
    private int _watchers;
    private int _followers;
    private long _first;
    private long _next;
    private long _bytes;

    internal LiveEvents(TimeProvider time)
    {
        _time = time;
        _end = time.CreateTimer(_ => EndUnlessWatched(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether anybody is to hear of events: all that is looked at while nobody is.</summary>
    internal bool IsWatched => Volatile.Read(ref _isWatched);

    /// <summary>How many follow.</summary>
    internal int Followers => Volatile.Read(ref _followers);

    /// <summary>The number of the next event.</summary>
    internal long Next => Interlocked.Read(ref _next);

    /// <summary>
    /// Keeps events from now on, for somebody who is about to follow. Disposing of what is returned is the end.
    /// </summary>
    internal IDisposable Watch()
    {
        lock (_lock)
        {
            _watchers++;
            Volatile.Write(ref _isWatched, true);
            _end.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        return new Watcher(this);
    }

    /// <summary>Begins to follow; disposing of what is returned is the end.</summary>
    /// <param name="filter">Which events.</param>
    /// <param name="backfill">Whether those that are kept come first.</param>
    internal LiveEventFollower Follow(EventFilter filter, bool backfill)
    {
        var earliest = _time.GetUtcNow() - LongestBackfill;
        var occurred = filter.Occurred ?? new EventOccurredFilter();
        var clamped = filter with { Occurred = occurred with { Since = occurred.Since > earliest ? occurred.Since : earliest } };
        var watch = Watch();
        lock (_lock)
        {
            _wasFollowed = true;
            _followers++;
            return new LiveEventFollower(this, clamped, backfill ? _first : _next, watch);
        }
    }

    /// <summary>Something has happened, and is as good as written.</summary>
    internal void Add(Event happened)
    {
        var added = LiveEvent.Of(ReceivedEvent.Of(happened, WireClock.Now(_time)));
        TaskCompletionSource more;
        lock (_lock)
        {
            if (!_isWatched)
            {
                return;
            }

            _bytes += added.Message.Length;
            while (_first < _next && (_next - _first == MostEvents || _bytes > MostBytes))
            {
                DropFirst();
            }

            _kept[_next % MostEvents] = added;
            Interlocked.Increment(ref _next);
            more = _more;
            _more = New();
        }

        more.SetResult();
    }

    /// <summary>The event at a place or, when that has been dropped, the earliest after it; null when there is none yet.</summary>
    internal LiveEvent? At(ref long place)
    {
        lock (_lock)
        {
            place = Math.Max(place, _first);
            return place < _next ? _kept[place++ % MostEvents] : null;
        }
    }

    /// <summary>Completes when there is an event at a place.</summary>
    internal Task WaitAsync(long place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return place < _next ? Task.CompletedTask : _more.Task.WaitAsync(cancellationToken);
        }
    }

    internal void Leave() => Interlocked.Decrement(ref _followers);

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Unwatch()
    {
        lock (_lock)
        {
            if (--_watchers > 0)
            {
                return;
            }

            if (_wasFollowed)
            {
                _end.Change(Patience, Timeout.InfiniteTimeSpan);
            }
            else
            {
                End();
            }
        }
    }

    private void EndUnlessWatched()
    {
        lock (_lock)
        {
            if (_watchers == 0)
            {
                End();
            }
        }
    }

    private void End()
    {
        Volatile.Write(ref _isWatched, false);
        _wasFollowed = false;
        while (_first < _next)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        ref var slot = ref _kept[_first++ % MostEvents];
        _bytes -= slot!.Message.Length;
        slot = null;
    }

    private sealed class Watcher(LiveEvents events) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isOver, true))
            {
                events.Unwatch();
            }
        }
    }
}
