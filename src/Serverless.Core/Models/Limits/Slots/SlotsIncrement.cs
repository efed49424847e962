using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/increment</c>.</summary>
public sealed record SlotsIncrement
{
    /// <summary>How many slots of each limit.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    public required int Slots { get; init; }

    /// <summary>The limits; those that are not there do not count.</summary>
    [MaxLength(WireLimits.LimitsAtOnce)]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether the limits have to be rate limits.</summary>
    public SlotMode Mode { get; init; }

    /// <summary>Ignored, as in Prefect: a limit has to be created before slots are taken.</summary>
    public bool? CreateIfMissing { get; init; }
}
