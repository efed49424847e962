using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A limit on how much may be active at once.</summary>
/// <param name="Active">Whether the limit is enforced.</param>
/// <param name="SlotDecayPerSecond">Slots freed a second when used as a rate limit.</param>
public sealed record GlobalConcurrencyLimit(bool Active = true, double SlotDecayPerSecond = 2.0)
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The limit's unique name.</summary>
    public required string Name { get; init; }

    /// <summary>How many slots there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int ActiveSlots { get; init; }

    /// <summary>Whether the limit is enforced; true when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool Active { get; init; } = Active;

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double SlotDecayPerSecond { get; init; } = SlotDecayPerSecond;
}
