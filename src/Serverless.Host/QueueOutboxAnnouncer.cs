using Serverless.Functions.Outbox;
using Serverless.LocalRuntime.Triggers;
using Serverless.Server.Outbox;

namespace Serverless.Host;

/// <summary>Announces outbox entries on the in-process queue.</summary>
internal sealed class QueueOutboxAnnouncer(LocalQueues queues) : IOutboxAnnouncer
{
    public void Announce(OutboxEntry entry) => _ = queues.SendAsync(DispatchOutbox.Queue, entry.ToMessage()).AsTask();
}
