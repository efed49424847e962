using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>One slot of a limit that is taken.</summary>
/// <param name="LimitId">The limit.</param>
/// <param name="LeaseId">The lease that it is part of.</param>
/// <param name="Owner">Who holds it.</param>
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

    public RowAddress Address => ConcurrencyKeys.Slot(LimitId, LeaseId);

    /// <summary>The slot's lease, as far as this limit is concerned.</summary>
    public SlotLease Lease => new(LeaseId, [LimitId], Expires);

    /// <summary>True for a slot that is kept for a run which waited for one.</summary>
    public bool IsKeptFor(SlotOwner owner) => Instance is not null && Owner == owner;

    public bool IsLive(DateTimeOffset now) => Expires is not { } end || end > now;

    public static StoredSlot From(Row row) =>
        new(
            Guid.ParseExact(row.PartitionKey, "N"),
            Guid.ParseExact(row.RowKey.AsSpan(ConcurrencyKeys.SlotPrefix.Length), "N"),
            new SlotOwner(row.Properties.Get<Guid>(RunProperty), row.Properties.Get<Guid?>(TaskRunProperty)),
            row.Properties.Get<DateTimeOffset>(ClaimedProperty),
            row.Properties.Get<DateTimeOffset?>(ExpiresProperty),
            row.ETag,
            row.Properties.Get<string>(InstanceProperty)
        );

    public static RowProperties Properties(SlotOwner owner, DateTimeOffset claimed, DateTimeOffset? expires, string? instance = null) =>
        new()
        {
            { RunProperty, owner.RunId },
            { TaskRunProperty, owner.TaskRunId },
            { ClaimedProperty, claimed },
            { ExpiresProperty, expires },
            { InstanceProperty, instance },
        };
}
