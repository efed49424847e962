using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Outbox;

/// <summary>Dispatches the outbox entry that a queue message announces.</summary>
/// <param name="dispatcher">Does it.</param>
public sealed class DispatchOutbox(OutboxDispatcher dispatcher)
{
    /// <summary>The storage queue of the announcements: each message is an entry.</summary>
    public const string Queue = "serverless-outbox";

    /// <summary>
    /// The queue trigger. A message that comes again, or after the sweep, changes nothing: every dispatch may be repeated.
    /// </summary>
    [Function(nameof(DispatchOutbox))]
    public async Task RunAsync(
        [QueueTrigger(Queue)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => await dispatcher.DispatchAsync(OutboxEntry.FromMessage(message), client, cancellationToken);
}
