namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /v2/concurrency_limits/{id_or_name}</c>; what is null stays.</summary>
public sealed record ConcurrencyLimitV2Update
{
    /// <summary>Whether the limit is enforced.</summary>
    public bool? Active { get; init; }

    /// <summary>The limit's name.</summary>
    public string? Name { get; init; }

    /// <summary>How many slots there are.</summary>
    public int? Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    public int? ActiveSlots { get; init; }

    /// <summary>How many slots were refused.</summary>
    public int? DeniedSlots { get; init; }

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    public double? SlotDecayPerSecond { get; init; }
}
