using Serverless.Web.Shared;

namespace Serverless.Web.Deployments;

/// <summary>What the list of deployments shows.</summary>
/// <param name="Rows">The deployments.</param>
/// <param name="Text">A part of the name of the flow or deployment; null for all.</param>
/// <param name="Pager">Which of them are shown.</param>
public sealed record DeploymentsModel(IReadOnlyList<DeploymentRow> Rows, string? Text, PagerModel Pager);
