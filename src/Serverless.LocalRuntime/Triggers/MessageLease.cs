using System.Diagnostics.CodeAnalysis;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>Keeps a message hidden from others while it is handled, however long that takes.</summary>
internal sealed class MessageLease : IAsyncDisposable
{
    /// <summary>For how long a message is hidden at a time: a message of a process that died comes again after it.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(1);

    private readonly IMessageQueue _queue;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _reportAway;
    private readonly CancellationTokenSource _handled;
    private readonly Task _renewing;

    public MessageLease(
        IMessageQueue queue,
        QueuedMessage message,
        TimeProvider time,
        Action<Exception> reportAway,
        CancellationToken stopping
    )
    {
        _queue = queue;
        _time = time;
        _reportAway = reportAway;
        Message = message;
        _handled = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _renewing = RenewAsync(_handled.Token);
    }

    /// <summary>The message with its present receipt; to be read after the lease was disposed.</summary>
    public QueuedMessage Message { get; private set; }

    /// <summary>Ends the renewals.</summary>
    public async ValueTask DisposeAsync()
    {
        await _handled.CancelAsync();
        await _renewing;
        _handled.Dispose();
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The service is unavailable; the next renewal may succeed."
    )]
    private async Task RenewAsync(CancellationToken handled)
    {
        while (true)
        {
            // Three renewals in the time of one, so that two may fail.
            await Task.Delay(Duration / 3, _time, handled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (handled.IsCancellationRequested)
            {
                return;
            }

            try
            {
                // Not to be cancelled: it is the answer that tells the receipt by which the message can be deleted.
                if (await _queue.HideAsync(Message, Duration, CancellationToken.None) is not { } renewed)
                {
                    return;
                }

                Message = renewed;
            }
            catch (Exception exception)
            {
                _reportAway(exception);
            }
        }
    }
}
