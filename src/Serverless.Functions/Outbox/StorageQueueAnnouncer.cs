using System.Threading.Channels;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Functions.Outbox;

/// <summary>
/// Announces outbox entries on the storage queue. It sends behind the callers' backs, several at once; what it cannot send,
/// and what a full buffer does not take, is left to the sweep.
/// </summary>
/// <param name="queue">The queue <see cref="DispatchOutbox.Queue"/>, with messages in Base64.</param>
/// <param name="logger">The host's log.</param>
/// <param name="sent">Called after each message that was sent, for a poller in this process to look; null for none.</param>
public sealed partial class StorageQueueAnnouncer(QueueClient queue, ILogger<StorageQueueAnnouncer> logger, Action? sent = null)
    : BackgroundService,
        IHostedLifecycleService,
        IOutboxAnnouncer
{
    private const int Capacity = 10_000;
    private const int Senders = 16;

    private readonly Channel<OutboxEntry> _entries = Channel.CreateBounded<OutboxEntry>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait }
    );
    private bool _failing;

    /// <inheritdoc/>
    public void Announce(OutboxEntry entry)
    {
        if (!_entries.Writer.TryWrite(entry))
        {
            ReportFailure(null);
        }
    }

    /// <summary>Makes sure of the queue before the app takes work.</summary>
    /// <exception cref="RowStoreOpenException">The queue service cannot be reached or refuses; the message is one line.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the client throws, it is told in one line.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw new RowStoreOpenException(
                $"The queue '{queue.Name}' at {queue.Uri.GetLeftPart(UriPartial.Path)} cannot be used: {OneLine(error)}",
                error
            );
        }
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is still there: the host gives a stopping app some seconds.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } sending)
        {
            await sending.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAllAsync(stoppingToken)));

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendFromBufferAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The app stops. A host that could not start would report the exception.
        }
    }

    private async Task SendFromBufferAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in _entries.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await SendAsync(entry.ToMessage(), cancellationToken);
                sent?.Invoke();
                if (Interlocked.Exchange(ref _failing, false))
                {
                    LogBack(logger, queue.Name);
                }
            }
#pragma warning disable CA1031 // Whatever the client throws, the message was not sent, and the sender continues with the next.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                ReportFailure(error);
            }
        }
    }

    private async Task SendAsync(string message, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(message, cancellationToken);
        }
        catch (RequestFailedException failed) when (failed.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            // Somebody has deleted it.
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(message, cancellationToken);
        }
    }

    /// <summary>What the last try met, when there were several.</summary>
    private static string OneLine(Exception error) =>
        (error is AggregateException { InnerExceptions: [.., Exception last] } ? last : error)
            .GetBaseException()
            .Message.Split('\n', 2)[0]
            .Trim();

    /// <summary>Said once, until a message goes out again.</summary>
    private void ReportFailure(Exception? error)
    {
        if (!Interlocked.Exchange(ref _failing, true))
        {
            LogFailing(logger, queue.Name, error is null ? "too many messages are waiting to be sent" : OneLine(error));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Outbox entries cannot be announced on queue '{Queue}' and are left to the sweep: {Reason}")]
    private static partial void LogFailing(ILogger logger, string queue, string reason);

    [LoggerMessage(LogLevel.Warning, "Outbox entries are announced on queue '{Queue}' again.")]
    private static partial void LogBack(ILogger logger, string queue);
}
