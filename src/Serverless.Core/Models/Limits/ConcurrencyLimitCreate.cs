using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /concurrency_limits/</c>.</summary>
public sealed record ConcurrencyLimitCreate
{
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }

    /// <summary>How many slots there are.</summary>
    [JsonPropertyName("concurrency_limit")]
    [Range(0, int.MaxValue)]
    public required int Limit { get; init; }
}
