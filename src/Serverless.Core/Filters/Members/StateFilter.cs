using Serverless.Core.States;

namespace Serverless.Core.Filters;

/// <summary>Criteria on the current state.</summary>
public sealed record StateFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>Its type.</summary>
    public StateTypeFilter? Type { get; init; }

    /// <summary>Its name.</summary>
    public TextFilter? Name { get; init; }

    internal bool Matches(StateType? type, string? name) => Criteria.Of(Operator).With(Type?.Matches(type)).With(Name?.Matches(name)).Match;
}
