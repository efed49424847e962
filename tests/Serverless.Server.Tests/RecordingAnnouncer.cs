using System.Collections.Concurrent;
using Serverless.Server.Outbox;

namespace Serverless.Server.Tests;

/// <summary>Keeps what was announced.</summary>
internal sealed class RecordingAnnouncer : IOutboxAnnouncer
{
    public ConcurrentQueue<OutboxEntry> Entries { get; } = new();

    public void Announce(OutboxEntry entry) => Entries.Enqueue(entry);
}
