namespace Serverless.Core.Models;

/// <summary>Answer of <c>POST /deployments/paginate</c>.</summary>
/// <param name="Results">The deployments of the page.</param>
/// <param name="Count">How many deployments match.</param>
/// <param name="Limit">How many a page holds at most.</param>
/// <param name="Pages">How many pages there are.</param>
/// <param name="Page">Which page this is; the first is 1.</param>
public sealed record DeploymentPage(IReadOnlyList<Deployment> Results, int Count, int Limit, int Pages, int Page);
