namespace Serverless.Server.Outbox;

/// <summary>For a host that dispatches by sweeping alone, until it registers its own announcer.</summary>
internal sealed class SilentOutboxAnnouncer : IOutboxAnnouncer
{
    public void Announce(OutboxEntry entry) { }
}
