using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/</c>.</summary>
public sealed record ConcurrencyLimitV2Create(bool Active = true)
{
    /// <summary>Whether the limit is enforced; true when not given.</summary>
    public bool Active { get; init; } = Active;

    /// <summary>The limit's unique name; without <c>/ % &amp; &gt; &lt;</c>.</summary>
    [WireName]
    public required string Name { get; init; }

    /// <summary>How many slots there are.</summary>
    [Range(0, int.MaxValue)]
    public required int Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    [Range(0, int.MaxValue)]
    public int ActiveSlots { get; init; }

    /// <summary>How many slots were refused.</summary>
    [Range(0, int.MaxValue)]
    public int DeniedSlots { get; init; }

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    [Range(0, double.MaxValue)]
    public double SlotDecayPerSecond { get; init; }
}
