using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Outbox;

/// <summary>Dispatches the outbox entry that a queue message announces.</summary>
/// <param name="dispatcher">Does it.</param>
/// <param name="outbox">The stored entries: the truth, of which a message is the announcement.</param>
public sealed class DispatchOutbox(OutboxDispatcher dispatcher, OutboxStore outbox)
{
    /// <summary>The storage queue of the announcements: each message is the key of an entry.</summary>
    public const string Queue = "serverless-outbox";

    /// <summary>The queue trigger. A message that comes again, or after the sweep, finds no entry and does nothing.</summary>
    [Function(nameof(DispatchOutbox))]
    public async Task RunAsync([QueueTrigger(Queue)] string key, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await outbox.GetAsync(key, cancellationToken) is { } entry)
        {
            await dispatcher.DispatchAsync(entry, client, cancellationToken);
        }
    }
}
