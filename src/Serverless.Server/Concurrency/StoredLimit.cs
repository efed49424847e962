using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>A limit as its partition holds it.</summary>
/// <param name="Id">Its id: that of the name it was created with, unless another limit had that id.</param>
/// <param name="Name">The unique name; empty before it has got one.</param>
/// <param name="Limit">How many slots there are.</param>
/// <param name="Active">Whether it is enforced.</param>
/// <param name="Occupancy">For how many seconds a slot has been held on average.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Updated">When it was last changed.</param>
/// <param name="ETag">The version of the limit's row: it changes with each slot that is taken, too.</param>
/// <param name="Slots">The slots that are taken, those whose lease has expired included.</param>
/// <param name="HasQueue">Whether runs wait for a slot. Nobody looks while none is free.</param>
internal sealed record StoredLimit(
    Guid Id,
    string Name,
    int Limit,
    bool Active,
    double Occupancy,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    string ETag,
    IReadOnlyList<StoredSlot> Slots,
    bool HasQueue = false
)
{
    /// <summary>The average that is assumed before the first slot is released.</summary>
    public const double FirstOccupancy = 2.0;

    // Prefect's: the average goes over about twice as many slots as the limit has, none of them held for next to no time.
    private const int Samples = 2;
    internal const double LeastOccupancy = 0.1;

    // In seconds: a slot that decays more slowly than once in a century does not.
    private const double LongestDecay = 3_155_760_000;

    private const string NameProperty = "name";
    private const string LimitProperty = "limit";
    private const string ActiveProperty = "active";
    private const string OccupancyProperty = "occupancy";
    private const string CreatedProperty = "created";
    private const string UpdatedProperty = "updated";
    private const string DecayProperty = "decay";
    private const string CountedProperty = "counted";
    private const string CountedAtProperty = "countedat";

    /// <summary>False while it is being created under a name whose id another limit has. Nobody sees it.</summary>
    public bool IsNamed => Name.Length > 0;

    /// <summary>Whether it is the limit of a tag.</summary>
    public bool IsTags => ConcurrencyKeys.TagOf(Name) is not null;

    /// <summary>How many slots become free a second by themselves, as those of a rate limit do; 0 for none.</summary>
    public double Decay { get; private init; }

    /// <summary>
    /// How many slots were taken at <see cref="CountedAt"/> of which there are no rows: a request said so, or clients took them of a rate
    /// limit.
    /// </summary>
    private int Counted { get; init; }

    /// <summary>From when on the counted slots of a rate limit become free; later than now while others become free before them.</summary>
    private DateTimeOffset CountedAt { get; init; }

    public int ActiveSlots(DateTimeOffset now) => HeldSlots(now) + CountedSlots(now);

    /// <summary>The limit as a request changes it.</summary>
    public StoredLimit With(LimitChanges changes, DateTimeOffset now) =>
        this with
        {
            Name = changes.Name ?? Name,
            Limit = changes.Limit ?? Limit,
            Active = changes.Active ?? Active,
            Decay = changes.Decay ?? Decay,
            Counted = changes.ActiveSlots is { } active ? Math.Max(0, active - HeldSlots(now)) : CountedSlots(now),
            CountedAt = CountedAt > now ? CountedAt : now,
            Updated = now,
        };

    /// <summary>When a slot that a run takes now is free again, at the latest.</summary>
    public DateTimeOffset? EndOfSlot(DateTimeOffset? leaseEnd, DateTimeOffset now) =>
        FreeAt(1, now) is not { } free ? leaseEnd
        : leaseEnd < free ? leaseEnd
        : free;

    /// <summary>
    /// When slots that are taken now are free by themselves; null if never. The slots of a rate limit become free one after the other, in
    /// the order in which they were taken.
    /// </summary>
    public DateTimeOffset? FreeAt(int count, DateTimeOffset now)
    {
        if (Decay <= 0)
        {
            return null;
        }

        var last = LastFree(now);
        return last < now.AddSeconds(LongestDecay) ? last.AddSeconds(Math.Min(count / Decay, LongestDecay)) : last;
    }

    /// <summary>The limit once slots have been taken that have rows: those that are only counted become free after them.</summary>
    public StoredLimit Taking(int count, DateTimeOffset now)
    {
        var settled = Settle(now);
        return settled is { Counted: > 0, Decay: > 0 }
            ? settled with
            {
                CountedAt = settled.CountedAt.AddSeconds(Math.Min(count / Decay, LongestDecay)),
            }
            : settled;
    }

    /// <summary>The limit with more slots that are only counted; with a negative number, with fewer.</summary>
    public StoredLimit Counting(int count, DateTimeOffset now)
    {
        var settled = Settle(now);
        return settled with
        {
            Counted = Math.Max(0, settled.Counted + count),
            CountedAt = settled.Counted > 0 ? settled.CountedAt : LastFree(now),
        };
    }

    /// <summary>The limit without the counted slots that are free by now; the next one becomes free when it would have been.</summary>
    private StoredLimit Settle(DateTimeOffset now)
    {
        var left = CountedSlots(now);
        return left == Counted ? this
            : left == 0 ? this with { Counted = 0 }
            : this with { Counted = left, CountedAt = CountedAt.AddSeconds((Counted - left) / Decay) };
    }

    private DateTimeOffset LastFree(DateTimeOffset now) => Slots.Max(slot => slot.Free) is { } end && end > now ? end : now;

    /// <summary>How many slots are only counted, besides those that have rows.</summary>
    public int CountedSlots(DateTimeOffset now) =>
        (int)Math.Max(0, Counted - Math.Floor(Decay * Math.Max(0, (now - CountedAt).TotalSeconds)));

    private int HeldSlots(DateTimeOffset now) => Slots.Sum(slot => slot.CountAt(now));

    public bool HasFreeSlots(int count, DateTimeOffset now) => (long)ActiveSlots(now) + count <= Limit;

    /// <summary>What the rules need to know of it.</summary>
    /// <param name="now">The time of the decision.</param>
    /// <param name="queued">A run that waits in turn, so that it takes a slot that was kept for it, or one that nobody waits for. Null for
    /// one that does not.</param>
    public LimitFacts Facts(DateTimeOffset now, SlotOwner? queued = null) =>
        new(Id, Name, Limit, ActiveSlots(now), Active)
        {
            AverageOccupancySeconds = Occupancy,
            HasQueue = queued is not null && HasQueue,
            IsInTurn = queued is not null && Decay <= 0,
            Granted = queued is null ? null : Slots.FirstOrDefault(slot => slot.IsKeptFor(queued) && slot.IsLive(now))?.LeaseId,
        };

    /// <summary>The limit with an average that takes in for how long further slots were held.</summary>
    public StoredLimit Observe(IEnumerable<TimeSpan> held) =>
        this with
        {
            Occupancy = held.Aggregate(
                Occupancy,
                (average, slot) => average + ((Math.Max(slot.TotalSeconds, LeastOccupancy) - average) / (Math.Max(Limit, 1) * Samples))
            ),
        };

    public GlobalConcurrencyLimit Show(DateTimeOffset now) =>
        new(Active, Decay)
        {
            Id = Id,
            Created = Created,
            Updated = Updated,
            Name = Name,
            Limit = Limit,
            ActiveSlots = ActiveSlots(now),
        };

    /// <summary>
    /// What the row of a deployment keeps of a limit that it shares with others: which one it is. A limit that is created again under the
    /// name of one that was deleted may have its id, but not its time.
    /// </summary>
    public GlobalConcurrencyLimit Reference =>
        new()
        {
            Id = Id,
            Created = Created,
            Name = "",
            Limit = 0,
            ActiveSlots = 0,
        };

    /// <summary>Whether it is the limit that a deployment's row means.</summary>
    public bool Is(GlobalConcurrencyLimit reference) => reference.Id == Id && reference.Created == Created;

    public static StoredLimit From(Row row, IReadOnlyList<StoredSlot> slots) =>
        new(
            Guid.ParseExact(row.PartitionKey, "N"),
            row.Properties.Get<string>(NameProperty)!,
            row.Properties.Get<int>(LimitProperty),
            row.Properties.Get<bool>(ActiveProperty),
            row.Properties.Get<double>(OccupancyProperty),
            row.Properties.Get<DateTimeOffset>(CreatedProperty),
            row.Properties.Get<DateTimeOffset>(UpdatedProperty),
            row.ETag,
            slots
        )
        {
            Decay = row.Properties.Get<double?>(DecayProperty) ?? 0,
            Counted = row.Properties.Get<int?>(CountedProperty) ?? 0,
            CountedAt = row.Properties.Get<DateTimeOffset?>(CountedAtProperty) ?? row.Properties.Get<DateTimeOffset>(CreatedProperty),
        };

    public RowProperties Properties() =>
        new()
        {
            { NameProperty, Name },
            { LimitProperty, Limit },
            { ActiveProperty, Active },
            { OccupancyProperty, Occupancy },
            { CreatedProperty, Created },
            { UpdatedProperty, Updated },
            { DecayProperty, Decay > 0 ? Decay : null },
            { CountedProperty, Counted > 0 ? Counted : null },
            { CountedAtProperty, Counted > 0 ? CountedAt : null },
        };
}
