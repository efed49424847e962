namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /deployments/filter</c>.</summary>
public sealed record DeploymentQuery : RunQuery
{
    /// <summary>The order.</summary>
    public DeploymentSort Sort { get; init; }
}
