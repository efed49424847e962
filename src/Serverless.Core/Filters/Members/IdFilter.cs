using System.Text.Json.Serialization;

namespace Serverless.Core.Filters;

/// <summary>Criteria on an id.</summary>
public sealed record IdFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>One of these; none of an empty list.</summary>
    [JsonPropertyName("any_")]
    public IReadOnlyList<Guid>? Any { get; init; }

    /// <summary>None of these, and not null; an empty list says nothing.</summary>
    [JsonPropertyName("not_any_")]
    public IReadOnlyList<Guid>? NotAny { get; init; }

    /// <summary>Whether there is none.</summary>
    [JsonPropertyName("is_null_")]
    public bool? IsNull { get; init; }

    internal bool Matches(Guid? id) =>
        Criteria
            .Of(Operator)
            .With(Any is null ? null : id is { } value && Any.Contains(value))
            .With(NotAny is not { Count: > 0 } ? null : id is { } other && !NotAny.Contains(other))
            .With(IsNull is null ? null : IsNull == (id is null))
            .Match;
}
