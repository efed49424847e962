using Serverless.Core.Models;

namespace Serverless.Server.Deployments;

/// <summary>A deployment, and whether it is new.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Created">False when there was one of that name, which was changed.</param>
public sealed record DeploymentCreated(Deployment Deployment, bool Created);
