using Serverless.Server.Outbox;

namespace Serverless.Server.Runs;

/// <summary>
/// Bounds the runs of flows and of background tasks that were created and have not started. A client that creates runs faster than they start is told to wait, before the
/// backlog fills the memory and the disk of the host. The host itself bounds the runs that have started.
/// </summary>
/// <param name="outbox">The entries that wait: what all instances of the app have created and none has started.</param>
/// <param name="time">The clock.</param>
/// <param name="options">The bound.</param>
public sealed class RunAdmission(OutboxStore outbox, TimeProvider time, RunAdmissionOptions options)
{
    /// <summary>How long a count is good for while runs are created. Other instances create runs, too.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(5);

    /// <summary>How often it is counted again while the bound is reached.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _waiting;
    private long? _countedAt;
    private bool _isCounting;

    /// <summary>Lets one more run be created, or refuses it. Costs nothing but a count of the waiting entries every few seconds.</summary>
    /// <exception cref="OverloadedException">Too many runs wait.</exception>
    public async ValueTask AdmitAsync(CancellationToken cancellationToken = default)
    {
        if (BeginCount())
        {
            try
            {
                var counted = await outbox.CountStartsAsync(options.MaxWaiting, cancellationToken);
                lock (_lock)
                {
                    _waiting = counted;
                    _countedAt = time.GetTimestamp();
                }
            }
            finally
            {
                _isCounting = false;
            }
        }

        lock (_lock)
        {
            if (_waiting >= options.MaxWaiting)
            {
                throw new OverloadedException(
                    $"{options.MaxWaiting} runs wait to be started already: try again later.",
                    retryAfter: (int)Lasting.TotalSeconds
                );
            }

            _waiting++;
        }
    }

    /// <summary>
    /// Whether this call is to count. One counts at a time, and the others go by the last count and what was created since.
    /// </summary>
    private bool BeginCount()
    {
        lock (_lock)
        {
            var isDue = _countedAt is not { } at || time.GetElapsedTime(at) >= (_waiting >= options.MaxWaiting ? Shortest : Lasting);
            if (!isDue || _isCounting)
            {
                return false;
            }

            return _isCounting = true;
        }
    }
}
