using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Hosting;
using Serverless.Server;
using Serverless.Server.Api;
using Serverless.Storage;
using Serverless.Storage.Sqlite;

namespace Serverless.Host;

/// <summary>Puts the parts together, starts them in order and turns what can go wrong into one line.</summary>
internal static class HostRunner
{
    public static async Task<int> RunAsync(HostOptions options, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services, CancellationToken cancellation)
    {
        string folder = Path.GetFullPath(options.DataFolder);
        try
        {
            await using SqliteRowStore store = SqliteRowStore.Open(new SqliteRowStoreOptions { Path = Path.Combine(folder, "serverless.db"), Durability = options.Durability });
            await using WebApplication app = Build(options, store, flows, services);
            await app.StartAsync(cancellation);
            app.Services.GetRequiredService<ServerReadiness>().IsReady = true;
            await Banner.WriteAsync(Console.Out, app, folder);
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception error) when (Explain(error, options, folder) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    private static WebApplication Build(HostOptions options, IRowStore store, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Serverless.Host" });
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls);

        // The console tells of trouble; the logs of runs have what tasks log from Information up.
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter<RunLoggerProvider>(category: null, LogLevel.Information);

        // What stops the host from starting is told in one line, by Explain.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = EmbeddedHost.DefaultSettings });
        builder.Services.AddSingleton(store);
        builder.Services.AddFlows(flows);
        builder.Services.AddServerlessServer();
        builder.Services.AddServerlessFunctions();
        builder.Services.AddEmbeddedHost();
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapServerlessApi();
        return app;
    }

    /// <summary>One line for what an operator can mend; null leaves the exception to be shown whole.</summary>
    private static string? Explain(Exception error, HostOptions options, string folder) => error switch
    {
        RowStoreOpenException => error.Message,
        IOException when error.InnerException is AddressInUseException => $"The address '{options.Urls}' is in use; choose another with --urls.",
        IOException => $"Cannot start: {error.Message}",
        SocketException => $"Cannot listen on '{options.Urls}': {error.Message}",
        FormatException => $"'{options.Urls}' is not a valid address for --urls: {error.Message}",
        _ => null,
    };
}
