using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Flows.Hosting;
using Serverless.Functions.BackgroundTasks;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Hooks;
using Serverless.Functions.Http;
using Serverless.Functions.Outbox;
using Serverless.Functions.Storage;
using Serverless.Functions.TaskRuns;
using Serverless.Server.Runs;
using Serverless.Web;

namespace Serverless.Functions.Hosting;

/// <summary>Registers what the functions of this app need, on either host.</summary>
public static class ServerlessFunctionsServices
{
    /// <summary>Adds the services behind the functions; flows and server are added by their own methods.</summary>
    public static IServiceCollection AddServerlessFunctions(this IServiceCollection services)
    {
        services.AddServices();
        services.AddSingleton<RunningTaskRuns>();
        services.AddSingleton<TaskRunCaches>();
        services.AddSingleton<IStoredResults, StoredResults>();
        services.AddSingleton<BackgroundTaskEnd>();
        services.AddSingleton<BackgroundTaskDispatch>();
        services.AddSingleton<BackgroundTaskSweep>();
        services.AddSingleton<BackgroundTaskEngine>();
        services.AddSingleton<IBackgroundTaskEngine>(provider => provider.GetRequiredService<BackgroundTaskEngine>());
        services.AddSingleton<OutboxDispatcher>();
        services.AddSingleton<FlowRunPurge>();
        services.AddSingleton<EndTaskRuns>();
        services.AddSingleton<EndSubflow>();
        services.AddSingleton<EndSubflows>();
        services.AddSingleton<ChildrenOfCancelled>();
        services.AddSingleton<FlowRunInfos>();
        services.AddSingleton<CallersResults>();
        services.AddSingleton<HookedRuns>();
        services.AddServerlessWeb();
        services.AddSingleton<RestApi>();
        services.AddSingleton<HistoryPurge>();
        services.AddSingleton<IRunLogSink, RunLogSink>();
        services.AddSingleton<ILoggerProvider, RunLoggerProvider>();
        services.AddHostedService<FlowCatalog>();
        services.AddHostedService<RunningTaskRunsWatch>();
        return services;
    }
}
