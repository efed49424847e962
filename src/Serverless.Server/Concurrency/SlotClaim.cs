using Serverless.Core.Transitions;

namespace Serverless.Server.Concurrency;

/// <summary>What somebody wants of the limits of a lease.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Owner">The run that is going to hold it; <see cref="SlotOwner.None"/> for a client that takes slots by itself.</param>
internal sealed record SlotClaim(SlotLease Lease, SlotOwner Owner)
{
    /// <summary>How many slots of each limit.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What is known of the client; null for a run.</summary>
    public ClientHold? Client { get; init; }

    /// <summary>
    /// True if the slots of a limit need no row: nobody can say later which ones they were, and they become free by themselves.
    /// </summary>
    public bool IsOnlyCountedOf(StoredLimit limit) => Client is { IsLeased: false, Holder: null } && limit.Decay > 0;

    /// <summary>The slot of a limit, as it is taken now.</summary>
    public StoredSlot SlotOf(StoredLimit limit, DateTimeOffset now) =>
        Client is { } client
            ? new StoredSlot(limit.Id, Lease.Id, Owner, now, Lease.Expires, "")
            {
                Count = Count,
                Client = client with { Free = limit.FreeAt(Count, now) },
            }
            : new StoredSlot(limit.Id, Lease.Id, Owner, now, limit.EndOfSlot(Lease.Expires, now), "");
}
