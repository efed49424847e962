using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>What happens to a deployment's run beyond its concurrency limit.</summary>
public sealed record ConcurrencyOptions
{
    /// <summary>Whether the run waits or is cancelled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ConcurrencyLimitStrategy CollisionStrategy { get; init; }

    /// <summary>How long infrastructure may take to start before its slot is given up; 60 to 86,400.</summary>
    [Range(WireLimits.ShortestLease, WireLimits.LongestLease)]
    public int? GracePeriodSeconds { get; init; }
}
