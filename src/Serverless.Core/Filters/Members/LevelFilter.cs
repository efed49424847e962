using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on a log level.</summary>
public sealed record LevelFilter
{
    /// <summary>This level or above.</summary>
    [JsonPropertyName("ge_")]
    public int? Ge { get; init; }

    /// <summary>This level or below.</summary>
    [JsonPropertyName("le_")]
    public int? Le { get; init; }

    internal bool Matches(int level) => (Ge is null || level >= Ge) && (Le is null || level <= Le);
}
