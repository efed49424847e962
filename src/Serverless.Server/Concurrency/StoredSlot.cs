using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>One slot of a limit that is taken, or several that a client took at once.</summary>
/// <param name="LimitId">The limit.</param>
/// <param name="LeaseId">The lease that it is part of.</param>
/// <param name="Owner">The run that holds it; <see cref="SlotOwner.None"/> for a client's.</param>
/// <param name="Claimed">When it was taken.</param>
/// <param name="Expires">Until when it is held unless it is renewed; null: until it is released.</param>
/// <param name="ETag">The row's version.</param>
/// <param name="Instance">The orchestration that was told of a slot which is kept for it; null once the run has come for it, and for one
/// that it took itself.</param>
internal sealed record StoredSlot(
    Guid LimitId,
    Guid LeaseId,
    SlotOwner Owner,
    DateTimeOffset Claimed,
    DateTimeOffset? Expires,
    string ETag,
    string? Instance = null
)
{
    private const string RunProperty = "run";
    private const string TaskRunProperty = "taskrun";
    private const string ClaimedProperty = "claimed";
    private const string ExpiresProperty = "expires";
    private const string InstanceProperty = "instance";
    private const string CountProperty = "count";
    private const string LeasedProperty = "leased";
    private const string FreeProperty = "free";
    private const string HolderTypeProperty = "holdertype";
    private const string HolderProperty = "holder";

    /// <summary>How many slots it is.</summary>
    public int Count { get; init; } = 1;

    /// <summary>What is known of a client that took it by itself; null for a run's.</summary>
    public ClientHold? Client { get; init; }

    /// <summary>The run that it is taken for, or that a client says it is taken for; null when nobody says.</summary>
    public Guid? HolderId => Client is { } client ? client.Holder?.Id : Owner.TaskRunId ?? Owner.RunId;

    /// <summary>When it becomes free by itself, as the slots of a rate limit do.</summary>
    public DateTimeOffset? Free => Client is { } client ? client.Free : Expires;

    public RowAddress Address => ConcurrencyKeys.Slot(LimitId, LeaseId);

    /// <summary>The slot's lease, as far as this limit is concerned.</summary>
    public SlotLease Lease => new(LeaseId, [LimitId], Client is { IsLeased: false } ? null : Expires);

    /// <summary>True for a slot that is kept for a run which waited for one.</summary>
    public bool IsKeptFor(SlotOwner owner) => Instance is not null && Owner == owner;

    public bool IsLive(DateTimeOffset now) => Expires is not { } end || end > now;

    /// <summary>How many slots of the limit it takes.</summary>
    public int CountAt(DateTimeOffset now) => IsLive(now) && !(Client?.Free <= now) ? Count : 0;

    public static StoredSlot From(Row row) =>
        new(
            Guid.ParseExact(row.PartitionKey, "N"),
            Guid.ParseExact(row.RowKey.AsSpan(ConcurrencyKeys.SlotPrefix.Length), "N"),
            new SlotOwner(row.Properties.Get<Guid>(RunProperty), row.Properties.Get<Guid?>(TaskRunProperty)),
            row.Properties.Get<DateTimeOffset>(ClaimedProperty),
            row.Properties.Get<DateTimeOffset?>(ExpiresProperty),
            row.ETag,
            row.Properties.Get<string>(InstanceProperty)
        )
        {
            Count = row.Properties.Get<int?>(CountProperty) ?? 1,
            Client = row.Properties.Get<bool?>(LeasedProperty) is { } isLeased
                ? new ClientHold(isLeased)
                {
                    Holder = row.Properties.Get<string>(HolderTypeProperty) is { } type
                        ? new ConcurrencyLeaseHolder
                        {
                            Type = Enum.Parse<LeaseHolderType>(type),
                            Id = row.Properties.Get<Guid>(HolderProperty),
                        }
                        : null,
                    Free = row.Properties.Get<DateTimeOffset?>(FreeProperty),
                }
                : null,
        };

    public RowProperties Properties() =>
        new()
        {
            { RunProperty, Owner.RunId },
            { TaskRunProperty, Owner.TaskRunId },
            { ClaimedProperty, Claimed },
            { ExpiresProperty, Expires },
            { InstanceProperty, Instance },
            { CountProperty, Count > 1 ? Count : null },
            { LeasedProperty, Client?.IsLeased },
            { FreeProperty, Client?.Free },
            { HolderTypeProperty, Client?.Holder?.Type.ToString() },
            { HolderProperty, Client?.Holder?.Id },
        };
}
