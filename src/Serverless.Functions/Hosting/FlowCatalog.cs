using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Functions.Hooks;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;

namespace Serverless.Functions.Hosting;

/// <summary>
/// At start-up, before any function runs: makes the stored flows and their deployments be as the code says. An
/// orchestration that continues after a restart must find its flow registered.
/// </summary>
internal sealed class FlowCatalog(FlowRegistry flows, DeclaredDeployments deployments, RegisteredFlows registered) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var flowIds = await deployments.ApplyAsync(DeploymentSpecs.Of(flows), cancellationToken);
        foreach (var flow in flows.Flows)
        {
            registered.Add(
                new RegisteredFlow(flowIds[flow.Name], flow.Name, PolicyOf(flow.Retry))
                {
                    Refuse = parameters =>
                        flow.ValidateParameters(parameters) is { Count: > 0 } errors
                            ? string.Join("; ", errors.Select(error => error.Message))
                            : null,
                    NameRun = flow.NamesRuns ? parameters => flow.NameOfRun(JsonSerializer.Serialize(parameters, FlowJson.Options)) : null,
                    HookedStates = HookEvents.HookedStates(flow),
                }
            );
        }

        registered.SetTasks(
            flows
                .Tasks.Select(task => new RegisteredTask(task.Key, HookEvents.HookedStates(task))
                {
                    Assets = task.FixedAssets,
                    AssetDependencies = task.AssetDependencies,
                })
                .Where(task => task.HookedStates.Count + task.Assets.Count + task.AssetDependencies.Count > 0)
        );
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static FlowRunPolicy PolicyOf(RunRetryPolicy retry) =>
        retry.Retries == 0
            ? FlowRunPolicy.Empty
            : new FlowRunPolicy
            {
                Retries = retry.Retries,
                RetryDelaySeconds = retry.DelaySeconds is [var first, ..] ? first : 0,
                RetryDelays = retry.DelaySeconds.Count > 1 ? retry.DelaySeconds : null,
            };
}
