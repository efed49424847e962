using System.Threading.Channels;
using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Functions.Hosting;

/// <summary>
/// Announces outbox entries on the storage queue. It sends behind the callers' backs, several at once; what it cannot send,
/// and what a full buffer does not take, is left to the sweep.
/// </summary>
internal sealed partial class StorageQueueAnnouncer(QueueClient queue, ILogger<StorageQueueAnnouncer> logger) : BackgroundService, IHostedLifecycleService, IOutboxAnnouncer
{
    private const int Capacity = 10_000;
    private const int Senders = 16;

    private readonly Channel<OutboxEntry> _entries = Channel.CreateBounded<OutboxEntry>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });

    public void Announce(OutboxEntry entry) => _entries.Writer.TryWrite(entry);

    /// <summary>Makes sure of the queue before the app takes work.</summary>
    /// <exception cref="RowStoreOpenException">The queue service cannot be reached or refuses.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            string reason = (error is AggregateException { InnerExceptions: [.., Exception last] } ? last : error).Message;
            throw new RowStoreOpenException($"The queue '{queue.Name}' at {queue.Uri.GetLeftPart(UriPartial.Path)} cannot be used: {reason.Split('\n')[0].TrimEnd()}", error);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAllAsync(stoppingToken)));

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        await foreach (OutboxEntry entry in _entries.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await queue.SendMessageAsync(entry.ToMessage(), cancellationToken);
            }
#pragma warning disable CA1031 // Whatever it is (the service, a proxy's answer, the identity): the next entry may get through, and the sweep finds this one.
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogNotSent(logger, error, entry.Key);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Outbox entry {Key} could not be announced; the next sweep dispatches it.")]
    private static partial void LogNotSent(ILogger logger, Exception error, string key);
}
