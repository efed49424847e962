using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Core.Filters;

/// <summary>Criteria on the type of the current state.</summary>
public sealed record StateTypeFilter
{
    /// <summary>One of these; none of an empty list.</summary>
    [JsonPropertyName("any_")]
    public IReadOnlyList<StateType>? Any { get; init; }

    /// <summary>None of these, and not null; an empty list says nothing.</summary>
    [JsonPropertyName("not_any_")]
    public IReadOnlyList<StateType>? NotAny { get; init; }

    internal bool Matches(StateType? type) =>
        Criteria
            .Of(Operator.And)
            .With(Any is null ? null : type is { } value && Any.Contains(value))
            .With(NotAny is not { Count: > 0 } ? null : type is { } other && !NotAny.Contains(other))
            .Match;
}
