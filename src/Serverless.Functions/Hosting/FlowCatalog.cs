using Microsoft.Extensions.Hosting;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;

namespace Serverless.Functions.Hosting;

/// <summary>
/// At start-up, before any function runs: makes the stored flows and their <c>default</c> deployments be as the code says. An
/// orchestration that goes on after a restart must not find its flow unregistered.
/// </summary>
internal sealed class FlowCatalog(FlowRegistry flows, DeploymentService deployments, RegisteredFlows registered) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var flow in flows.Flows)
        {
            var deployment = await deployments.EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = flow.Name,
                    ParameterSchemaJson = flow.ParameterSchemaJson,
                    Entrypoint = flow.Key,
                    Description = flow.Description,
                    Version = flow.Version,
                    Tags = flow.Tags,
                },
                cancellationToken
            );
            registered.Add(
                new RegisteredFlow(deployment.FlowId, flow.Name, PolicyOf(flow.Retry))
                {
                    Refuse = parameters =>
                        flow.ValidateParameters(parameters) is { Count: > 0 } errors
                            ? string.Join("; ", errors.Select(error => error.Message))
                            : null,
                }
            );
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static FlowRunPolicy PolicyOf(RunRetryPolicy retry) =>
        retry.Retries == 0
            ? FlowRunPolicy.Empty
            : new FlowRunPolicy { Retries = retry.Retries, RetryDelaySeconds = retry.DelaySeconds.Count > 0 ? retry.DelaySeconds[0] : 0 };
}
