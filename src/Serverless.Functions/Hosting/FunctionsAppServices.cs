using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Api;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Outbox;
using Serverless.Server;
using Serverless.Server.Outbox;
using Serverless.Storage;
using Serverless.Storage.Azure;

namespace Serverless.Functions.Hosting;

/// <summary>Registers what the app has beside the Functions host, where the embedded host has its own.</summary>
internal static class FunctionsAppServices
{
    public static IServiceCollection AddFunctionsApp(
        this IServiceCollection services,
        AzureStorageAccount account,
        IRowStore store,
        Action<FlowRegistryBuilder> flows
    )
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store);
        services.AddSingleton(account);
        services.AddFlows(flows);
        services.AddServerlessServer();
        services.AddServerlessApi();
        services.AddServerlessFunctions();

        // The factory leaves the queue's address to the start of the app, where what is wrong with it is told in one line.
        services.AddSingleton(provider => new StorageQueueAnnouncer(
            account.GetQueue(DispatchOutbox.Queue),
            provider.GetRequiredService<ILogger<StorageQueueAnnouncer>>()
        ));
        services.AddSingleton<IOutboxAnnouncer>(provider => provider.GetRequiredService<StorageQueueAnnouncer>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<StorageQueueAnnouncer>());

        // The worker reads and writes the payloads of orchestrations with it too.
        services.Configure<WorkerOptions>(options => options.Serializer = new JsonObjectSerializer(FunctionsPayloads.CreateOptions()));

        // The logs of runs have what tasks log from Information up, whatever the level of the app's own logs, in which eight
        // lines of ASP.NET Core for each request would be most of the bill.
        services.Configure<LoggerFilterOptions>(options =>
            options.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter<RunLoggerProvider>(category: null, LogLevel.Information)
        );
        return services;
    }
}
