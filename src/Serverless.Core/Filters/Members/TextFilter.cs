using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on a name, key, type or other text. Case counts, except for <c>like_</c>.</summary>
public sealed record TextFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>One of these; none of an empty list.</summary>
    [JsonPropertyName("any_")]
    public IReadOnlyList<string>? Any { get; init; }

    /// <summary>None of these, and not null; an empty list says nothing.</summary>
    [JsonPropertyName("not_any_")]
    public IReadOnlyList<string>? NotAny { get; init; }

    /// <summary>Contains this, ignoring case; <c>%</c> stands for any text, <c>_</c> for one character.</summary>
    [JsonPropertyName("like_")]
    public string? Like { get; init; }

    /// <summary>Whether there is none.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    /// <summary>Whether there is one.</summary>
    [JsonPropertyName("exists_")]
    public bool? Exists { get; init; }

    internal bool Matches(string? text) =>
        Criteria
            .Of(Operator)
            .With(Any is null ? null : text is not null && Any.Contains(text))
            .With(NotAny is not { Count: > 0 } ? null : text is not null && !NotAny.Contains(text))
            .With(string.IsNullOrEmpty(Like) ? null : LikePattern.IsMatch(text, Like))
            .With(IsNull is null ? null : IsNull == (text is null))
            .With(Exists is null ? null : Exists == (text is not null))
            .Match;
}
