using Serverless.Functions.Outbox;
using Serverless.LocalRuntime.Triggers;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests.Fixtures;

/// <summary>Announces outbox entries on the in-process queue, as the embedded host does, unless the test loses them.</summary>
internal sealed class QueueAnnouncer(LocalQueues queues) : IOutboxAnnouncer
{
    /// <summary>True to lose announcements.</summary>
    public bool Loses { get; set; }

    public void Announce(OutboxEntry entry)
    {
        if (!Loses)
        {
            _ = queues.SendAsync(DispatchOutbox.Queue, entry.ToMessage()).AsTask();
        }
    }
}
