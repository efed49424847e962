using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;
using Serverless.Api;
using Serverless.Api.Http;
using Serverless.Api.Security;
using Serverless.Api.Sockets;
using Serverless.Core.Validation;
using Serverless.Flows;
using Serverless.Flows.Hosting;
using Serverless.Functions.Hosting;
using Serverless.Host.Logging;
using Serverless.Host.Storage;
using Serverless.Host.Telemetry;
using Serverless.Server;
using Serverless.Storage;
using Serverless.Web;

namespace Serverless.Host;

/// <summary>Puts the parts together, starts them in order and turns what can go wrong into one line.</summary>
internal static class HostRunner
{
    /// <summary>Runs until the process is asked to stop.</summary>
    /// <param name="listen">Where to listen, and to whom.</param>
    /// <param name="secrets">What the command line says of what requests must show, as settings.</param>
    /// <param name="choose">Where everything durable lives, by the command line and the environment.</param>
    /// <param name="files">The folder below which flows read files; null for what the environment says.</param>
    /// <param name="flows">Registers the flows.</param>
    /// <param name="services">Registers what flows and tasks need; null for nothing.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public static async Task<int> RunAsync(
        ListenOptions listen,
        IReadOnlyDictionary<string, string?> secrets,
        Func<IConfiguration, StorageChoice> choose,
        string? files,
        Action<FlowRegistryBuilder> flows,
        Action<IServiceCollection>? services,
        CancellationToken cancellation
    )
    {
        var urls = listen.Urls ?? HostDefaults.Urls;
        try
        {
            IConfiguration environment = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(secrets).Build();
            urls = listen.ReadUrls(environment);
            var credentials = ApiCredentials.Read(environment);
            var hosts = listen.Check(urls, credentials.AreRequired);
            await using var storage = await HostStorage.OpenAsync(
                choose(environment),
                environment,
                TimeProvider.System,
                Console.Error.WriteLine,
                cancellation
            );
            await using var app = Build(urls, hosts, credentials, storage, files, flows, services);
            var stopped = StopWhenLostAsync(app, storage);
            await app.StartAsync(cancellation);

            // What an author's code adds to the web server was not known before.
            _ = listen.Check(string.Join(';', app.Urls), credentials.AreRequired);
            app.Services.GetRequiredService<ServerReadiness>().IsReady = true;
            await Banner.WriteAsync(Console.Out, app, storage, credentials);
            await app.WaitForShutdownAsync(cancellation);
            if (stopped.IsCompleted)
            {
                await Console.Error.WriteLineAsync(await storage.Lost);
                return 1;
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to stop before it had started.
            return 0;
        }
        catch (Exception error) when (Explain(error, urls) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    private static async Task StopWhenLostAsync(WebApplication app, HostStorage storage)
    {
        await storage.Lost;
        app.Lifetime.StopApplication();
    }

    internal static WebApplication Build(
        string urls,
        AllowedHosts hosts,
        ApiCredentials credentials,
        HostStorage storage,
        string? files,
        Action<FlowRegistryBuilder> flows,
        Action<IServiceCollection>? services
    )
    {
        // Settings are read once. To see them change, .NET would watch the current folder and all below it: also the data folder, where
        // every commit writes.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "Serverless.Host", Args = ["--hostBuilder:reloadConfigOnChange=false"] }
        );
        builder.WebHost.UseKestrelCore().ConfigureKestrel(KestrelSetup.Configure).UseUrls(urls);

        // The console tells of trouble; the logs of runs have what tasks log from Information up.
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter<RunLoggerProvider>(category: null, LogLevel.Information);

        // What stops the host from starting is told in one line, by Explain.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Logging.AddConsole(console => console.FormatterName = HostLogFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<HostLogFormatter, ConsoleFormatterOptions>();
        builder.Services.AddSingleton(provider => new LogRepeats(provider.GetRequiredService<TimeProvider>(), Console.Out));
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = EmbeddedHost.DefaultSettings });
        if (files is not null)
        {
            builder.Configuration.AddInMemoryCollection([new(EmbeddedHost.FilesFolder, files)]);
        }

        builder.Services.AddSingleton(hosts);
        builder.Services.AddSingleton(credentials);
        builder.Services.AddSingleton(storage.Rows);
        builder.Services.AddFlows(flows);
        builder.Services.AddServerlessServer();
        builder.Services.AddServerlessApi();
        builder.Services.AddServerlessFunctions();
        storage.AddServices(builder.Services);
        builder.Services.AddEmbeddedHost(storage.TurnMarks, storage.ActivityMarks);
        builder.Services.AddHostTelemetry(builder.Configuration);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        _ = app.Services.GetRequiredService<FlowRegistry>();
        app.UseServerlessApi();
        app.UseWebSockets(PrefectSocket.Options);
        app.MapServerlessApi();
        app.MapServerlessWeb();
        app.MapMetrics();
        return app;
    }

    /// <summary>One line for each thing that an operator or author can mend; null leaves the exception to be shown whole.</summary>
    private static string? Explain(Exception error, string urls) =>
        error switch
        {
            RowStoreOpenException or ListenRefusedException or FlowRegistrationException or SettingException => error.Message,
            RowStoreUnavailableException => $"Cannot start: {error.Message}",
            IOException when error.InnerException is AddressInUseException =>
                $"The address '{urls}' is in use; choose another with --urls.",
            IOException => $"Cannot start: {error.Message}",
            SocketException => $"Cannot listen on '{urls}': {error.Message}",
            FormatException => $"'{urls}' is not a valid address for --urls: {error.Message}",
            _ => StartupFailures.Of(error),
        };
}
