using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>Which flows are wanted.</summary>
public sealed record FlowFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The flow's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>Whether it has no deployments.</summary>
    /// <remarks>See <see cref="NeedsDeployments"/>.</remarks>
    public FlagFilter? Deployment { get; init; }

    /// <summary>The flow's name.</summary>
    public TextFilter? Name { get; init; }

    /// <summary>The flow's tags.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>True when <see cref="Matches"/> has to be told whether the flow has deployments.</summary>
    [JsonIgnore]
    public bool NeedsDeployments => Deployment is { IsNull: not null };

    /// <summary>True when <paramref name="flow"/> is wanted.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="hasDeployments">Whether it has any.</param>
    public bool Matches(Flow flow, bool hasDeployments = false)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(flow.Id))
            .With(Deployment?.Matches(hasDeployments))
            .With(Name?.Matches(flow.Name))
            .With(Tags?.Matches(flow.Tags))
            .Match;
    }
}
