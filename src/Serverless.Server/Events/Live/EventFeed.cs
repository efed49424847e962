using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Serverless.Core.Models;
using Serverless.Server.Runs.Writing;

namespace Serverless.Server.Events;

/// <summary>
/// Tells those who follow events what happens in this process: the events of clients, and those of the states that runs enter. Looks at one
/// flag and no more while nobody follows. The events are composed away from the writers, which never wait for that.
/// </summary>
public sealed partial class EventFeed : IAsyncDisposable
{
    /// <summary>How much may wait to be told; what happens beyond that is not told.</summary>
    public const int MostWaiting = 4 * 1024;

    private readonly LiveEvents _live;
    private readonly RelatedObjects _related;
    private readonly ILogger<EventFeed> _logger;
    private readonly Channel<EventPlace> _places = Channel.CreateUnbounded<EventPlace>(new() { SingleReader = true });
    private readonly Task _telling;
    private int _waiting;
    private bool _isFull;

    internal EventFeed(LiveEvents live, RelatedObjects related, ILogger<EventFeed> logger)
    {
        _live = live;
        _related = related;
        _logger = logger;

        // Who happens to need the feed first has nothing to do with what it tells later.
        using (ExecutionContext.SuppressFlow())
        {
            _telling = Task.Run(TellAsync);
        }
    }

    /// <summary>A client has sent an event, which has been taken.</summary>
    internal void Pass(Event reported)
    {
        if (_live.IsWatched)
        {
            Enter(new ReportedEvent(reported)).Written();
        }
    }

    /// <summary>
    /// A place for a change of a flow run that is about to be written; null when there is nothing to tell, or nobody follows.
    /// </summary>
    internal EventPlace? Reserve(FlowRunChange change) => _live.IsWatched && FlowRunStates.Of(change) is { } states ? Enter(states) : null;

    /// <summary>
    /// A place for a change of a task run that is about to be written; null when there is nothing to tell, or nobody follows.
    /// </summary>
    internal EventPlace? Reserve(TaskRunChange change) => _live.IsWatched && TaskRunStates.Of(change) is { } states ? Enter(states) : null;

    /// <summary>A change has been written.</summary>
    internal void Written(EventPlace? place, FlowRunChange change) =>
        // Somebody may have begun to follow while it was being written.
        (place ?? Reserve(change))?.Written();

    /// <summary>A change has been written.</summary>
    internal void Written(EventPlace? place, TaskRunChange change) => (place ?? Reserve(change))?.Written();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _places.Writer.TryComplete();
        await _telling;
    }

    private EventPlace Enter(Happening happening)
    {
        EventPlace place = new(happening);
        if (Interlocked.Increment(ref _waiting) <= MostWaiting)
        {
            _places.Writer.TryWrite(place);
            return place;
        }

        Interlocked.Decrement(ref _waiting);
        if (!Interlocked.Exchange(ref _isFull, true))
        {
            LogMissed(_logger, MostWaiting);
        }

        return place;
    }

    private async Task TellAsync()
    {
        await foreach (var place in _places.Reader.ReadAllAsync())
        {
            try
            {
                if (await place.IsWritten && _live.IsWatched)
                {
                    foreach (var happened in await place.Happening.EventsAsync(_related))
                    {
                        _live.Add(happened);
                    }
                }
            }
#pragma warning disable CA1031 // Whatever it is: the loss is told, and everything else must be told nevertheless.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogLost(_logger, error);
            }

            if (Interlocked.Decrement(ref _waiting) == 0)
            {
                Volatile.Write(ref _isFull, false);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Those who follow events miss some: {Most} wait to be told.")]
    private static partial void LogMissed(ILogger logger, int most);

    [LoggerMessage(LogLevel.Error, "Those who follow events miss one that could not be told.")]
    private static partial void LogLost(ILogger logger, Exception error);
}
