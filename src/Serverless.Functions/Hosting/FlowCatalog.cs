using Microsoft.Extensions.Hosting;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;

namespace Serverless.Functions.Hosting;

/// <summary>At start-up: makes the stored flows and their <c>default</c> deployments be as the code says.</summary>
internal sealed class FlowCatalog(FlowRegistry flows, DeploymentService deployments, RegisteredFlows registered) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (FlowDefinition flow in flows.Flows)
        {
            Deployment deployment = await deployments.EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = flow.Name,
                    ParameterSchemaJson = flow.ParameterSchemaJson,
                    Entrypoint = flow.Key,
                    Description = flow.Description,
                    Version = flow.Version,
                    Tags = flow.Tags,
                },
                cancellationToken);
            registered.Add(new RegisteredFlow(deployment.FlowId, flow.Name, PolicyOf(flow.Retry)));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static FlowRunPolicy PolicyOf(RetryPolicy retry) => retry.Retries == 0
        ? FlowRunPolicy.Empty
        : new FlowRunPolicy { Retries = retry.Retries, RetryDelaySeconds = retry.DelaySeconds.Count > 0 ? retry.DelaySeconds[0] : 0 };
}
