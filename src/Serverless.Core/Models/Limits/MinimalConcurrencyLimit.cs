using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>A concurrency limit as those who take slots are shown it (Prefect's MinimalConcurrencyLimitResponse).</summary>
public sealed record MinimalConcurrencyLimit
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>The name; the tag in the answer to <c>POST /concurrency_limits/increment</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many slots there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Limit { get; init; }
}
