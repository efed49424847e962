using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.Core.Ids;
using Serverless.Server.Artifacts;
using Serverless.Server.Assets;
using Serverless.Server.Concurrency;
using Serverless.Server.Csrf;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;
using Serverless.Server.Events;
using Serverless.Server.Flows;
using Serverless.Server.Heartbeats;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Queries;
using Serverless.Server.Retention;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Server.SavedSearches;
using Serverless.Server.Services;
using Serverless.Server.Settings;
using Serverless.Server.Telemetry;
using Serverless.Server.Variables;
using Serverless.Storage;

namespace Serverless.Server;

/// <summary>Registers the services of the server.</summary>
public static class ServerlessServerServices
{
    /// <summary>
    /// Adds the services that the REST API and the orchestrations call. The host adds the <c>IRowStore</c>, and an
    /// <see cref="IOutboxAnnouncer"/> unless sweeping the outbox is enough.
    /// </summary>
    public static IServiceCollection AddServerlessServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdGenerator>(provider => new RandomIdGenerator(
            provider.GetRequiredService<TimeProvider>(),
            new Random(RandomNumberGenerator.GetInt32(int.MaxValue))
        ));
        services.TryAddSingleton<IOutboxAnnouncer, SilentOutboxAnnouncer>();
        services.TryAddSingleton<IFlowRunEvents, NoFlowRunEvents>();
        services.AddHostedService<StorageLayout>();
        services.TryAddSingleton(new RequestMemory(RequestMemory.DefaultLimit));
        services.AddSingleton<ServerReadiness>();
        services.AddSingleton<StoreProbe>();
        services.AddSingleton<ServiceRuns>();
        services.AddSingleton<RegisteredFlows>();
        services.AddSingleton<FlowService>();
        services.AddSingleton<ConcurrencyLimits>();
        services.AddSettings<RunAdmissionOptions>();
        services.AddSettings<QueryOptions>();
        services.AddSettings<RunPageOptions>();
        services.AddSingleton<RunAdmission>();
        services.AddSingleton<FlowRunBulk>();
        services.AddSingleton(p => new LiveLogs(Get<RequestMemory>(p)));
        services.AddSingleton<RunLogs>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<CsrfTokens>();
        AddRuns(services);
        AddEvents(services);
        AddRetention(services);
        return services;
    }

    /// <summary>
    /// What reads and writes runs. The parts are no one else's: the constructors that take them are not public, and so are called here.
    /// </summary>
    private static void AddRuns(IServiceCollection services)
    {
        services.AddSingleton<RecentFlowRuns>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunTelemetry>();
        services.AddSingleton<CommitRetry>();
        services.AddSingleton<VariableService>();
        services.AddSingleton<SavedSearchService>();
        services.AddSingleton<CheckedHydration>();
        services.AddSingleton<DeploymentRows>();
        services.AddSingleton<DueDeployments>();
        services.AddSingleton<OutdatedRuns>();
        services.AddSingleton(p => new DeploymentService(
            Get<IRowStore>(p),
            Get<TimeProvider>(p),
            Get<IIdGenerator>(p),
            Get<FlowService>(p),
            Get<DeploymentRows>(p),
            Get<CommitRetry>(p)
        ));
        services.AddSingleton(p => new DeploymentScheduler(
            Get<IRowStore>(p),
            Get<DeploymentRows>(p),
            Get<DueDeployments>(p),
            Get<FlowRunCreation>(p),
            Get<OutdatedRuns>(p),
            Get<CommitRetry>(p),
            Get<CheckedHydration>(p),
            Get<TimeProvider>(p)
        ));
        services.AddSingleton<ScheduledRunCheck>();
        services.AddSingleton<HookEntries>();
        services.AddSingleton<RunWriter>();
        services.AddSingleton<RunPurge>();
        services.AddSingleton<DeadRows>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton(p => new SlotSweep(
            Get<IRowStore>(p),
            Get<TimeProvider>(p),
            Get<ConcurrencyLimits>(p),
            Get<RunReader>(p),
            Get<RunWriter>(p),
            Get<FlowRunProposals>(p)
        ));
        services.AddSingleton<FlowRunJudge>();
        services.AddSingleton<FlowRunCreation>();
        services.AddSingleton<FlowRunDeletion>();
        services.AddSingleton<FlowRunQueries>();
        services.AddSingleton<FlowRunProposals>();
        services.AddSingleton<TaskCache>();
        services.AddSingleton(p => new CachedResults(Get<TaskCache>(p), Get<TimeProvider>(p)));
        services.AddSingleton(p => new TaskLocks(Get<IRowStore>(p), Get<TimeProvider>(p), Get<RunReader>(p), Get<TaskCache>(p)));
        services.AddSingleton<TaskRunJudge>();
        services.AddSingleton<TaskQueue>();
        services.AddSingleton<TaskWorkers>();
        services.AddSingleton<TaskRunEnds>();
        services.AddSingleton<TaskRunCommits>();
        services.AddSingleton<TaskRunBeginning>();
        services.AddSingleton<TaskRunProposals>();
        services.AddSingleton<TaskRunCalls>();
        services.AddSingleton<TaskRunCreation>();
        services.AddSingleton<TaskRunRecording>();
        services.AddSingleton<TaskRunDeletion>();
        services.AddSingleton<DelayedTaskRuns>();
        services.AddSingleton(p => new RunGate(
            Get<FlowRunProposals>(p),
            Get<TaskRunProposals>(p),
            Get<TaskRunBeginning>(p),
            Get<TaskRunCreation>(p)
        ));
        services.AddSingleton(p => new RunInputs(
            Get<IRowStore>(p),
            Get<RunReader>(p),
            Get<RunWriter>(p),
            Get<CommitRetry>(p),
            Get<TimeProvider>(p),
            Get<IIdGenerator>(p)
        ));
        services.AddSingleton(p => new FlowRunControl(
            Get<TimeProvider>(p),
            Get<RunReader>(p),
            Get<RunGate>(p),
            Get<RunInputs>(p),
            Get<CheckedHydration>(p),
            Get<ConcurrencyLimits>(p),
            Get<CommitRetry>(p)
        ));
        services.AddSingleton(p => new FlowRunService(
            Get<TimeProvider>(p),
            Get<IIdGenerator>(p),
            Get<RegisteredFlows>(p),
            Get<FlowService>(p),
            Get<DeploymentService>(p),
            Get<RunReader>(p),
            Get<FlowRunCreation>(p),
            Get<FlowRunDeletion>(p),
            Get<FlowRunQueries>(p),
            Get<CheckedHydration>(p)
        ));
        services.AddSingleton(p => new TaskRunService(
            Get<IRowStore>(p),
            Get<TimeProvider>(p),
            Get<FlowService>(p),
            Get<DeploymentService>(p),
            Get<RunReader>(p),
            Get<FlowRunQueries>(p),
            Get<TaskRunDeletion>(p)
        ));
        services.AddSingleton(p => new BackgroundTaskRuns(
            Get<IRowStore>(p),
            Get<RunReader>(p),
            Get<TaskRunCalls>(p),
            Get<TaskRunJudge>(p),
            Get<TaskRunCommits>(p),
            Get<TaskRunService>(p),
            Get<OutboxStore>(p),
            Get<DeadRows>(p),
            Get<CommitRetry>(p),
            Get<TaskRunEnds>(p),
            Get<RunAdmission>(p),
            Get<DelayedTaskRuns>(p),
            Get<RunLogs>(p),
            Get<TimeProvider>(p),
            Get<IIdGenerator>(p)
        ));
        services.AddSingleton(p => new RunEdits(
            Get<RunReader>(p),
            Get<RunWriter>(p),
            Get<DeploymentService>(p),
            Get<CommitRetry>(p),
            Get<TimeProvider>(p)
        ));
        services.AddSingleton<GraphArtifacts>();
        services.AddSingleton(p => new FlowRunGraphs(
            Get<IRowStore>(p),
            Get<RunReader>(p),
            Get<FlowRunQueries>(p),
            Get<FlowService>(p),
            Get<GraphArtifacts>(p),
            Get<TimeProvider>(p)
        ));
        services.AddSingleton(p => new RunCounts(Get<IRowStore>(p), Get<FlowRunQueries>(p), Get<TaskRunService>(p), Get<TimeProvider>(p)));
        services.AddSettings<RunDeadlineOptions>();
        services.AddSingleton<IFlowRunLists>(p =>
            Get<IRowStore>(p).Columns is { } columns
                ? new ColumnFlowRunLists(columns)
                : new RowFlowRunLists(Get<IRowStore>(p), Get<RunReader>(p), Get<DeadRows>(p))
        );
        services.AddSingleton(p => new RunDeadlines(
            Get<IFlowRunLists>(p),
            Get<RunGate>(p),
            Get<TimeProvider>(p),
            Get<RunDeadlineOptions>(p)
        ));
        services.AddSingleton(p => new ParentTaskRuns(Get<RunReader>(p), Get<RunGate>(p), Get<CommitRetry>(p)));
        services.AddSingleton(p => new OpenTaskRuns(Get<IRowStore>(p), Get<RunReader>(p)));
        services.AddSingleton(p => new OpenFlowRuns(Get<IFlowRunLists>(p)));
        services.AddSingleton(p => new FlowQueries(
            Get<IRowStore>(p),
            Get<FlowService>(p),
            Get<DeploymentService>(p),
            Get<FlowRunQueries>(p)
        ));
        services.AddSingleton(p => new DeploymentQueries(
            Get<IRowStore>(p),
            Get<FlowService>(p),
            Get<DeploymentService>(p),
            Get<FlowRunQueries>(p)
        ));
        services.AddSingleton<DeploymentControl>();
        services.AddSingleton(p => new FlowControl(
            Get<FlowService>(p),
            Get<FlowQueries>(p),
            Get<DeploymentService>(p),
            Get<DeploymentControl>(p),
            Get<FlowRunService>(p),
            Get<IFlowRunLists>(p),
            Get<RegisteredFlows>(p),
            Get<TimeProvider>(p)
        ));
        services.AddSingleton(p => new DeclaredDeployments(
            Get<IRowStore>(p),
            Get<TimeProvider>(p),
            Get<DeploymentRows>(p),
            Get<DeploymentService>(p),
            Get<ConcurrencyLimits>(p),
            Get<CommitRetry>(p)
        ));
        services.AddSingleton(p => new LogCreation(Get<IRowStore>(p), Get<TimeProvider>(p), Get<IIdGenerator>(p), Get<LiveLogs>(p)));
        services.AddSingleton<LinesOfNoRun>();
        services.AddSingleton(p => new FlowRunLogs(Get<IRowStore>(p)));
        services.AddSingleton(p => new LogQueries(Get<IRowStore>(p), Get<RunReader>(p)));
        services.AddSingleton<ArtifactReader>();
        services.AddSingleton<RowArtifactLists>();
        services.AddSingleton<IArtifactLists>(p =>
            Get<IRowStore>(p).Columns is { } columns ? new ColumnArtifactLists(columns) : Get<RowArtifactLists>(p)
        );
        services.AddSingleton(p => new ArtifactService(
            Get<IRowStore>(p),
            Get<TimeProvider>(p),
            Get<IIdGenerator>(p),
            Get<RunReader>(p),
            Get<ArtifactReader>(p),
            Get<IArtifactLists>(p),
            Get<CommitRetry>(p)
        ));
        services.AddSingleton(p => new ArtifactQueries(
            Get<IRowStore>(p),
            Get<FlowService>(p),
            Get<DeploymentService>(p),
            Get<RunReader>(p),
            Get<ArtifactReader>(p),
            Get<RowArtifactLists>(p)
        ));
    }

    /// <summary>What clients report, and what is told of it and of runs.</summary>
    private static void AddEvents(IServiceCollection services)
    {
        services.AddSettings<HeartbeatOptions>();
        services.AddSingleton(p => new FlowRunHeartbeats(
            Get<IRowStore>(p),
            Get<RunReader>(p),
            Get<RunGate>(p),
            Get<HeartbeatOptions>(p),
            Get<TimeProvider>(p)
        ));
        services.AddSingleton(p => new LiveEvents(Get<TimeProvider>(p)));
        services.AddSingleton<RelatedObjects>();
        services.AddSingleton(p => new EventFeed(Get<LiveEvents>(p), Get<RelatedObjects>(p), Get<ILogger<EventFeed>>(p)));
        services.AddSingleton(p => new EventIntake(
            Get<TaskRunRecording>(p),
            Get<FlowRunHeartbeats>(p),
            Get<AssetService>(p),
            Get<EventFeed>(p),
            Get<ILogger<EventIntake>>(p)
        ));
        services.AddSingleton<AssetService>();
        services.AddSingleton(p => new AssetRecording(
            Get<IRowStore>(p),
            Get<RunReader>(p),
            Get<RegisteredFlows>(p),
            Get<EventIntake>(p),
            Get<TimeProvider>(p)
        ));
    }

    /// <summary>What goes when it is old: each kind after the ones that it may belong to.</summary>
    private static void AddRetention(IServiceCollection services)
    {
        services.AddSettings<RetentionOptions>();
        services.AddSingleton<IRetainedKind, RetainedFlowRuns>();
        services.AddSingleton<IRetainedKind, RetainedTaskRuns>();
        services.AddSingleton<IRetainedKind, RetainedLogs>();
        services.AddSingleton<IRetainedKind, RetainedLinesOfNoRun>();
        services.AddSingleton<IRetainedKind, RetainedArtifacts>();
        services.AddSingleton(p => new RetentionSweep([.. p.GetServices<IRetainedKind>()], Get<TimeProvider>(p)));
    }

    private static T Get<T>(IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
