using System.Diagnostics.CodeAnalysis;
using Serverless.LocalRuntime.Hosting;

namespace Serverless.LocalRuntime.Triggers;

/// <summary>
/// Gives the messages of a queue outside the process to its function, as the queue trigger of the Functions host does:
/// polls less often while there is nothing, has messages that fail come again, and sets those aside that fail too often.
/// </summary>
internal sealed class QueuePoller(
    RuntimeCore core,
    QueueFunction function,
    IMessageQueue queue,
    PollSignal signal,
    LocalRuntimeOptions options
)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private readonly PollSignal _freed = new();
    private int _inFlight;
    private bool _away;

    private int BatchSize => Math.Min(options.QueueBatchSize, options.MaxConcurrentMessages);

    /// <summary>Runs until the process ends, and what is under way then has ended.</summary>
    public async Task RunAsync()
    {
        try
        {
            var wait = ShortestWait;
            while (true)
            {
                await WhenRoomAsync(options.MaxConcurrentMessages - BatchSize, core.Stopping);
                if (await PollAsync())
                {
                    wait = ShortestWait;
                    continue;
                }

                await signal.WaitAsync(wait, core.Time, core.Stopping);
                var longer = 2 * wait;
                wait = longer < options.QueuePollingInterval ? longer : options.QueuePollingInterval;
            }
        }
        catch when (core.Stopping.IsCancellationRequested)
        {
            // The process ends. Messages that are not handled come again once they are visible.
            await WhenRoomAsync(0, CancellationToken.None);
        }
    }

    private async Task WhenRoomAsync(int most, CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _inFlight) > most)
        {
            await _freed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes messages and starts handling them; false when there are none or the service is away.</summary>
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever the error, the next poll may succeed."
    )]
    private async Task<bool> PollAsync()
    {
        IReadOnlyList<QueuedMessage> messages;
        try
        {
            messages = await queue.ReceiveAsync(BatchSize, MessageLease.Duration, core.Stopping);
        }
        catch (Exception exception) when (!core.Stopping.IsCancellationRequested)
        {
            ReportAway(exception);
            return false;
        }

        if (Interlocked.Exchange(ref _away, false))
        {
            core.Logger.QueueBack(function.Queue);
        }

        foreach (var message in messages)
        {
            Interlocked.Increment(ref _inFlight);
            _ = Task.Run(() => HandleAsync(message));
        }

        return messages.Count > 0;
    }

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The service is unavailable; the message is delivered again."
    )]
    private async Task HandleAsync(QueuedMessage message)
    {
        try
        {
            if (WhyUnusable(message) is { } reason)
            {
                await PoisonAsync(message, reason, null);
                return;
            }

            MessageLease lease = new(queue, message, core.Time, ReportAway, core.Stopping);
            Exception? failure;
            await using (lease)
            {
                failure = await InvokeAsync(message);
            }

            await (
                failure switch
                {
                    null => queue.DeleteAsync(lease.Message, CancellationToken.None),
                    OperationCanceledException when core.Stopping.IsCancellationRequested => Task.CompletedTask,
                    _ when message.DequeueCount >= options.MaxDequeueCount => PoisonAsync(
                        lease.Message,
                        $"{failure.GetType().Name}: {failure.Message}",
                        failure
                    ),
                    _ => RetryLaterAsync(lease.Message, failure),
                }
            );
        }
        catch (Exception exception)
        {
            ReportAway(exception);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            _freed.Set();
        }
    }

    private string? WhyUnusable(QueuedMessage message) =>
        message.Text is null ? "it is not Base64 text, which is how the app writes its messages"
        : message.DequeueCount > options.MaxDequeueCount ? "the process ended each time before the message was handled"
        : null;

    /// <summary>Hands the message to the function; what it throws is the answer.</summary>
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "Whatever the function throws is a failed attempt."
    )]
    private async Task<Exception?> InvokeAsync(QueuedMessage message)
    {
        try
        {
            await function.InvokeAsync(message.Text!, message.Id);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private async Task RetryLaterAsync(QueuedMessage message, Exception failure)
    {
        core.Logger.StoredMessageFailed(function.Name, message.Id, function.Queue, message.DequeueCount, failure);
        await queue.HideAsync(message, options.QueueRetryDelay, CancellationToken.None);
        _ = PollAfterAsync(options.QueueRetryDelay);
    }

    private async Task PoisonAsync(QueuedMessage message, string reason, Exception? failure)
    {
        await queue.PoisonAsync(message, CancellationToken.None);
        core.Logger.StoredMessagePoisoned(function.Name, message.Id, function.Queue, message.DequeueCount, reason, failure);
    }

    private async Task PollAfterAsync(TimeSpan delay)
    {
        await Task.Delay(delay, core.Time, core.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        signal.Set();
    }

    /// <summary>Says once that the service is away, until it is back.</summary>
    private void ReportAway(Exception exception)
    {
        if (!Interlocked.Exchange(ref _away, true))
        {
            core.Logger.QueueAway(function.Queue, exception.GetBaseException().Message.Split('\n', 2)[0].Trim());
        }
    }
}
