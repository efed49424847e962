using Serverless.Core.Filters;

namespace Serverless.Server.Events;

/// <summary>One who follows events: where it is among them, and which ones it gets.</summary>
internal sealed class LiveEventFollower(LiveEvents events, EventFilter filter, long place, IDisposable watch) : IDisposable
{
    private long _place = place;
    private bool _isOver;

    /// <summary>The number of the event that comes next.</summary>
    public long Place => _place;

    /// <summary>Completes when there is an event that it has not looked at.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => events.WaitAsync(_place, cancellationToken);

    /// <summary>The next event that it gets; null when there is none yet.</summary>
    public LiveEvent? TryTake()
    {
        while (events.At(ref _place) is { } next)
        {
            if (filter.Matches(next.Event))
            {
                return next;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isOver, true))
        {
            events.Leave();
            watch.Dispose();
        }
    }
}
