using Serverless.Core.Models;

namespace Serverless.Web.Deployments;

/// <summary>A deployment in a list.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="FlowName">The name of its flow; null when that is gone.</param>
public sealed record DeploymentRow(Deployment Deployment, string? FlowName);
