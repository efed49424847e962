using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/increment-with-lease</c>.</summary>
public sealed record SlotsLease
{
    /// <summary>For how many seconds slots are held when the client does not say.</summary>
    public const double DefaultDuration = 300;

    /// <summary>How many slots of each limit.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    public required int Slots { get; init; }

    /// <summary>The limits; those that are not there do not count.</summary>
    [MaxLength(WireLimits.LimitsAtOnce)]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether the limits have to be rate limits.</summary>
    public SlotMode Mode { get; init; }

    /// <summary>For how many seconds the slots are held unless they are renewed.</summary>
    [DefaultValue(DefaultDuration)]
    [Range(WireLimits.ShortestLease, WireLimits.LongestLease)]
    public double? LeaseDuration { get; init; }

    /// <summary>Whom they are taken for; null when the client does not say.</summary>
    public ConcurrencyLeaseHolder? Holder { get; init; }
}
