using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>A limit as its partition holds it.</summary>
/// <param name="Name">The unique name.</param>
/// <param name="Limit">How many slots there are.</param>
/// <param name="Active">Whether it is enforced.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Updated">When it was last changed.</param>
/// <param name="ETag">The version of the limit's row: it changes with each slot that is taken, too.</param>
/// <param name="Slots">The slots that are taken, those whose lease has expired included.</param>
internal sealed record StoredLimit(
    string Name, int Limit, bool Active, DateTimeOffset Created, DateTimeOffset Updated, string ETag, IReadOnlyList<StoredSlot> Slots)
{
    private const string NameProperty = "name";
    private const string LimitProperty = "limit";
    private const string ActiveProperty = "active";
    private const string CreatedProperty = "created";
    private const string UpdatedProperty = "updated";

    public Guid Id { get; } = ConcurrencyKeys.IdOf(Name);

    /// <summary>Whether it is the limit of a tag.</summary>
    public bool IsTags => ConcurrencyKeys.TagOf(Name) is not null;

    public int ActiveSlots(DateTimeOffset now) => Slots.Count(slot => slot.IsLive(now));

    public bool HasFreeSlot(DateTimeOffset now) => ActiveSlots(now) < Limit;

    public LimitFacts Facts(DateTimeOffset now) => new(Id, Name, Limit, ActiveSlots(now), Active);

    public GlobalConcurrencyLimit Show(DateTimeOffset now) => new(Active, SlotDecayPerSecond: 0)
    {
        Id = Id,
        Created = Created,
        Updated = Updated,
        Name = Name,
        Limit = Limit,
        ActiveSlots = ActiveSlots(now),
    };

    public static StoredLimit From(Row row, IReadOnlyList<StoredSlot> slots) => new(
        row.Properties.Get<string>(NameProperty)!,
        row.Properties.Get<int>(LimitProperty),
        row.Properties.Get<bool>(ActiveProperty),
        row.Properties.Get<DateTimeOffset>(CreatedProperty),
        row.Properties.Get<DateTimeOffset>(UpdatedProperty),
        row.ETag,
        slots);

    public RowProperties Properties() => new()
    {
        { NameProperty, Name },
        { LimitProperty, Limit },
        { ActiveProperty, Active },
        { CreatedProperty, Created },
        { UpdatedProperty, Updated },
    };
}
