using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A concurrency limit as the operation that creates one answers (Prefect's ConcurrencyLimitV2).</summary>
/// <param name="Active">Whether the limit is enforced.</param>
/// <param name="AvgSlotOccupancySeconds">For how long a slot is held on average.</param>
public sealed record ConcurrencyLimitV2(bool Active = true, double AvgSlotOccupancySeconds = 2.0)
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Whether the limit is enforced; true when not given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool Active { get; init; } = Active;

    /// <summary>The limit's unique name.</summary>
    public required string Name { get; init; }

    /// <summary>How many slots there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int ActiveSlots { get; init; }

    /// <summary>How many slots were refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int DeniedSlots { get; init; }

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double SlotDecayPerSecond { get; init; }

    /// <summary>For how long a slot is held on average; 2 seconds while nobody knows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double AvgSlotOccupancySeconds { get; init; } = AvgSlotOccupancySeconds;
}
