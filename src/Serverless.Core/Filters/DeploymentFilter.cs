using System.Text.Json.Serialization;
using Serverless.Core.Models;

namespace Serverless.Core.Filters;

/// <summary>
/// Which deployments are wanted. Prefect's deprecated <c>concurrency_limit</c> says nothing, there as here.
/// </summary>
public sealed record DeploymentFilter
{
    /// <summary>How the criteria below combine.</summary>
    public Operator Operator { get; init; }

    /// <summary>The deployment's id.</summary>
    public IdFilter? Id { get; init; }

    /// <summary>The deployment's name.</summary>
    public TextFilter? Name { get; init; }

    /// <summary>The name of the deployment or of its flow.</summary>
    /// <remarks>See <see cref="NeedsFlowName"/>.</remarks>
    public TextFilter? FlowOrDeploymentName { get; init; }

    /// <summary>Whether it is paused.</summary>
    public FlagFilter? Paused { get; init; }

    /// <summary>The deployment's tags.</summary>
    public TagFilter? Tags { get; init; }

    /// <summary>The work queue of its runs.</summary>
    public TextFilter? WorkQueueName { get; init; }

    /// <summary>True when <see cref="Matches"/> has to be told the flow's name.</summary>
    [JsonIgnore]
    public bool NeedsFlowName => !string.IsNullOrEmpty(FlowOrDeploymentName?.Like);

    /// <summary>True when <paramref name="deployment"/> is wanted.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="flowName">Its flow's name.</param>
    public bool Matches(Deployment deployment, string? flowName = null)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return Criteria
            .Of(Operator)
            .With(Id?.Matches(deployment.Id))
            .With(Name?.Matches(deployment.Name))
            .With(
                FlowOrDeploymentName is not { } either
                    ? null
                    : either.Matches(deployment.Name) || (NeedsFlowName && either.Matches(flowName))
            )
            .With(Paused?.Matches(deployment.Paused))
            .With(Tags?.Matches(deployment.Tags))
            .With(WorkQueueName?.Matches(deployment.WorkQueueName))
            .Match;
    }
}
