using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on a yes or no.</summary>
public sealed record FlagFilter
{
    /// <summary>For a flag: its value.</summary>
    [JsonPropertyName("eq_")]
    public bool? Eq { get; init; }

    /// <summary>For something that may be there: whether it is.</summary>
    [JsonPropertyName("exists_")]
    public bool? Exists { get; init; }

    /// <summary>For something that may be there: whether it is not.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    internal bool Matches(bool value) =>
        (Eq is null || Eq == value) && (Exists is null || Exists == value) && (IsNull is null || IsNull != value);
}
