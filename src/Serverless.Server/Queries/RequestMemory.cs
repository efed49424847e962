namespace Serverless.Server.Queries;

/// <summary>
/// The memory that all requests of this process use at one time: their bodies while they are read and handled, and the rows of their
/// answers until they are sent. Beyond the limit, requests are refused until others have been answered.
/// </summary>
internal sealed class RequestMemory(long limit)
{
    /// <summary>
    /// The limit unless another is given. The largest body fits twice, even one of numbers only, which takes most; so does the largest page
    /// of texts.
    /// </summary>
    public const long DefaultLimit = 128 * 1024 * 1024;

    private long _held;

    /// <summary>The most bytes at once.</summary>
    public long Limit => limit;

    /// <summary>Bytes that are held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Starts the account of one request; disposing of it releases everything.</summary>
    public Lease Open() => new(this);

    /// <summary>
    /// The memory of one request. After it is disposed it counts nothing more: work that a request began may outlive the request.
    /// </summary>
    public sealed class Lease(RequestMemory memory) : IDisposable
    {
        private readonly Lock _lock = new();
        private long _bytes;
        private bool _disposed;

        /// <summary>The most bytes that all requests have at once.</summary>
        public long Limit => memory.Limit;

        /// <summary>False when the request would take more than there is even if it were the only one.</summary>
        public bool CanHold(long more)
        {
            lock (_lock)
            {
                return _bytes + more <= memory.Limit;
            }
        }

        /// <summary>Takes more.</summary>
        /// <exception cref="OverloadedException">Too much is held by others.</exception>
        public void Take(long bytes)
        {
            lock (_lock)
            {
                if (_disposed)
                {
                    return;
                }

                if (Interlocked.Add(ref memory._held, bytes) > memory.Limit)
                {
                    Interlocked.Add(ref memory._held, -bytes);
                    throw new OverloadedException("Too many large requests at once: try again in a moment.", retryAfter: 1);
                }

                _bytes += bytes;
            }
        }

        /// <summary>Releases a part of the memory.</summary>
        public void Give(long bytes)
        {
            lock (_lock)
            {
                if (!_disposed)
                {
                    Interlocked.Add(ref memory._held, -bytes);
                    _bytes -= bytes;
                }
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                Interlocked.Add(ref memory._held, -_bytes);
                _bytes = 0;
            }
        }
    }
}
