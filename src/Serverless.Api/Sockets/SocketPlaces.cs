using Serverless.Server;

namespace Serverless.Api.Sockets;

/// <summary>How many websockets of this process are open, of those that may be.</summary>
internal sealed class SocketPlaces(SocketOptions options)
{
    private int _taken;

    /// <summary>Takes a place for a socket.</summary>
    /// <exception cref="OverloadedException">There is none left.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _taken) > options.Max)
        {
            Leave();
            throw new OverloadedException($"{options.Max} websockets are open already: try again in a moment.", retryAfter: 5);
        }
    }

    /// <summary>The socket has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);
}
