namespace Serverless.Server.Api;

/// <summary>
/// The memory that the bodies of requests take at once in this process, while they are read and handled. Beyond the limit requests are
/// refused until others have been answered, so that many large bodies cost a moment of some clients and not the memory of all.
/// </summary>
internal sealed class RequestMemory(long limit)
{
    /// <summary>The limit unless another is given. The largest body fits twice, even one of numbers only, which takes most.</summary>
    public const long DefaultLimit = 128 * 1024 * 1024;

    private long _held;

    /// <summary>The most bytes at once.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Starts the account of one request; disposing of it gives everything back.</summary>
    public Lease Open() => new(this);

    /// <summary>What one request holds.</summary>
    public sealed class Lease(RequestMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes more.</summary>
        /// <exception cref="OverloadedException">Too much is held by others.</exception>
        public void Take(int bytes)
        {
            if (Interlocked.Add(ref memory._held, bytes) > memory.Limit)
            {
                Interlocked.Add(ref memory._held, -bytes);
                throw new OverloadedException("Too many large requests at once: try again in a moment.", retryAfter: 1);
            }

            _bytes += bytes;
        }

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Add(ref memory._held, -Interlocked.Exchange(ref _bytes, 0));
    }
}
