namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/</c>.</summary>
public sealed record ConcurrencyLimitV2Create(bool Active = true)
{
    /// <summary>Whether the limit is enforced; true when not given.</summary>
    public bool Active { get; init; } = Active;

    /// <summary>The limit's unique name; without <c>/ % &amp; &gt; &lt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many slots there are.</summary>
    public required int Limit { get; init; }

    /// <summary>How many slots are taken.</summary>
    public int ActiveSlots { get; init; }

    /// <summary>How many slots were refused.</summary>
    public int DeniedSlots { get; init; }

    /// <summary>Slots freed a second when the limit is used as a rate limit.</summary>
    public double SlotDecayPerSecond { get; init; }
}
