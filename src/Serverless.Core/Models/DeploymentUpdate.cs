namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /deployments/{id}</c>.</summary>
public sealed record DeploymentUpdate : DeploymentChanges;
