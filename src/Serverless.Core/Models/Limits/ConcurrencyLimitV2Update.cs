using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /v2/concurrency_limits/{id_or_name}</c>; what is null stays.</summary>
public sealed record ConcurrencyLimitV2Update
{
    /// <summary>Whether the limit is enforced.</summary>
    public bool? Active { get; init; }

    /// <summary>The limit's name.</summary>
    [WireName]
    public string? Name { get; init; }

    /// <summary>How many slots there are.</summary>
    [Range(0, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    [Range(0, int.MaxValue)]
    public int? ActiveSlots { get; init; }

    /// <summary>How many slots were refused.</summary>
    [Range(0, int.MaxValue)]
    public int? DeniedSlots { get; init; }

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    [Range(0, double.MaxValue)]
    public double? SlotDecayPerSecond { get; init; }
}
