namespace Serverless.Server.Outbox;

/// <summary>Makes a host dispatch an outbox entry soon. An announcement may be lost: the sweep finds the entry's row.</summary>
public interface IOutboxAnnouncer
{
    /// <summary>Called after the entry's commit is durable; must neither block nor throw.</summary>
    void Announce(OutboxEntry entry);
}
