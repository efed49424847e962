using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>Slots that a client has taken by a lease (Prefect's ConcurrencyLimitWithLeaseResponse).</summary>
public sealed record ConcurrencyLimitWithLease
{
    /// <summary>The lease.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid LeaseId { get; init; }

    /// <summary>The limits.</summary>
    public required IReadOnlyList<MinimalConcurrencyLimit> Limits { get; init; }
}
