using Microsoft.AspNetCore.Http;
using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Api.Bodies;

/// <summary>Deployments as a client can read them.</summary>
internal static class DeploymentBodies
{
    /// <summary>
    /// A Prefect client knows only Prefect's collision strategies, and fails on a deployment with another one. A run that waits is what it
    /// sees of ours.
    /// </summary>
    public static Deployment For(HttpRequest request, Deployment deployment) =>
        deployment.ConcurrencyOptions is { CollisionStrategy: ConcurrencyLimitStrategy.CancelRunning } options
        && ClientVersion.FromUserAgent(request.Headers.UserAgent) is not null
            ? deployment with
            {
                ConcurrencyOptions = options with { CollisionStrategy = ConcurrencyLimitStrategy.Enqueue },
            }
            : deployment;

    /// <summary>Deployments as a client can read them.</summary>
    public static IReadOnlyList<Deployment> For(HttpRequest request, IReadOnlyList<Deployment> deployments) =>
        [.. deployments.Select(deployment => For(request, deployment))];
}
