using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which variables are wanted.</summary>
public sealed record VariableFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The variable's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>The variable's name.</summary>
    public TextFilter? Name { get; init; }

    /// <summary>The variable's tags.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>True when <paramref name="variable"/> is wanted.</summary>
    public bool Matches(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(variable.Id))
            .With(Name?.Matches(variable.Name))
            .With(Tags?.Matches(variable.Tags))
            .Match;
    }
}
