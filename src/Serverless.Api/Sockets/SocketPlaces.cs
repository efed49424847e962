using Serverless.Server;

namespace Serverless.Api.Sockets;

/// <summary>
/// How many websockets of this process are open, of those that may be. Clients that still have to show a secret in their first message get
/// a quarter of the places at most: strangers who send none cannot keep everybody else out.
/// </summary>
internal sealed class SocketPlaces(SocketOptions options)
{
    private const int PartOfStrangers = 4;

    private int _taken;
    private int _strangers;

    /// <summary>Takes a place for a socket.</summary>
    /// <param name="isStranger">Whether its client has yet to show a secret: until <see cref="KnowStranger"/>.</param>
    /// <exception cref="OverloadedException">There is none left.</exception>
    public void Enter(bool isStranger)
    {
        if (isStranger && Interlocked.Increment(ref _strangers) > Math.Max(1, options.Max / PartOfStrangers))
        {
            KnowStranger();
            throw new OverloadedException("Too many websockets wait for their first message: try again in a moment.", retryAfter: 5);
        }

        if (Interlocked.Increment(ref _taken) > options.Max)
        {
            Leave();
            if (isStranger)
            {
                KnowStranger();
            }

            throw new OverloadedException($"{options.Max} websockets are open already: try again in a moment.", retryAfter: 5);
        }
    }

    /// <summary>A client that entered as a stranger has shown its secret, or is gone.</summary>
    public void KnowStranger() => Interlocked.Decrement(ref _strangers);

    /// <summary>The socket has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);
}
