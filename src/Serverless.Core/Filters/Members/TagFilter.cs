using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on tags.</summary>
public sealed record TagFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>All of these; an empty list says nothing.</summary>
    [JsonPropertyName("all_")]
    public IReadOnlyList<string>? All { get; init; }

    /// <summary>At least one of these; none of an empty list.</summary>
    [JsonPropertyName("any_")]
    public IReadOnlyList<string>? Any { get; init; }

    /// <summary>Whether there are none.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    internal bool Matches(IReadOnlyList<string> tags) =>
        Criteria
            .Of(Operator)
            .With(All is not { Count: > 0 } ? null : All.All(tags.Contains))
            .With(Any is null ? null : Any.Any(tags.Contains))
            .With(IsNull is null ? null : IsNull == (tags.Count == 0))
            .Match;
}
