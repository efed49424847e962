using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/decrement</c>.</summary>
public sealed record SlotsDecrement
{
    /// <summary>How many slots of each limit.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    public required int Slots { get; init; }

    /// <summary>The limits; those that are not there do not count.</summary>
    [MaxLength(WireLimits.LimitsAtOnce)]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>For how many seconds the slots were held together; null when the client does not know.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? OccupancySeconds { get; init; }

    /// <summary>Ignored, as in Prefect.</summary>
    public bool? CreateIfMissing { get; init; }
}
