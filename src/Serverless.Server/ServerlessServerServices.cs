using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Core.Ids;
using Serverless.Server.Api;
using Serverless.Server.Artifacts;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Events;
using Serverless.Server.Flows;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Upgrades;

namespace Serverless.Server;

/// <summary>Registers the services of the server.</summary>
public static class ServerlessServerServices
{
    /// <summary>
    /// Adds the services behind the REST API and the orchestrations. The host adds the <c>IRowStore</c>, and an
    /// <see cref="IOutboxAnnouncer"/> unless sweeping the outbox is enough.
    /// </summary>
    public static IServiceCollection AddServerlessServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdGenerator>(provider => new RandomIdGenerator(
            provider.GetRequiredService<TimeProvider>(), new Random(RandomNumberGenerator.GetInt32(int.MaxValue))));
        services.TryAddSingleton<IOutboxAnnouncer, SilentOutboxAnnouncer>();
        services.TryAddSingleton<IFlowRunEvents, NoFlowRunEvents>();
        services.AddHostedService<StorageLayout>();
        services.TryAddSingleton(new RequestMemory(RequestMemory.DefaultLimit));
        services.AddSingleton<ServerReadiness>();
        services.AddSingleton<ParameterSize>();
        services.AddSingleton<StoreProbe>();
        services.AddSingleton<RegisteredFlows>();
        services.AddSingleton<FlowService>();
        services.AddSingleton<FlowQueries>();
        services.AddSingleton<DeploymentService>();
        services.AddSingleton<DeploymentQueries>();
        services.AddSingleton<ConcurrencyLimits>();
        services.AddSingleton<SlotSweep>();
        services.TryAddSingleton(provider => RunAdmissionOptions.Parse(provider.GetService<IConfiguration>()?[RunAdmissionOptions.Setting]));
        services.AddSingleton<RunAdmission>();
        services.AddSingleton<RunGate>();
        services.AddSingleton<RunInputs>();
        services.AddSingleton<FlowRunService>();
        services.AddSingleton<FlowRunControl>();
        services.AddSingleton<FlowRunBulk>();
        services.AddSingleton<ParentTaskRuns>();
        services.AddSingleton<OpenFlowRuns>();
        services.AddSingleton<OpenTaskRuns>();
        services.AddSingleton<TaskRunService>();
        services.AddSingleton<RunLogs>();
        services.AddSingleton<LogQueries>();
        services.AddSingleton<ArtifactService>();
        services.AddSingleton<OutboxStore>();
        services.AddRouting();
        return services;
    }
}
