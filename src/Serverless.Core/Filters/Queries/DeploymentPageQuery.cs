namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /deployments/paginate</c>.</summary>
public sealed record DeploymentPageQuery : PageQuery
{
    /// <summary>The order.</summary>
    public DeploymentSort Sort { get; init; }

    /// <summary>The query for the list that the page is of.</summary>
    public DeploymentQuery List() => ListOf<DeploymentQuery>() with { Sort = Sort };
}
