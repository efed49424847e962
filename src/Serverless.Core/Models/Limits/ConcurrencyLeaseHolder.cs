using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>Whom a client takes slots for.</summary>
public sealed record ConcurrencyLeaseHolder
{
    /// <summary>What it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required LeaseHolderType Type { get; init; }

    /// <summary>Its id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }
}
