using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Api.Security;
using Serverless.Core.Validation;
using Serverless.Flows;
using Serverless.Server;
using Serverless.Storage;
using Serverless.Storage.Azure;

namespace Serverless.Functions.Hosting;

/// <summary>
/// Runs the function app: the process that the Azure Functions host starts beside itself (the isolated worker). It serves the
/// REST API and executes flows, with its state in the storage account of the app.
/// </summary>
public static class ServerlessFunctionsApp
{
    private const string HostEndpoint = "Functions:Worker:HostEndpoint";

    /// <summary>Runs until the Functions host stops the process.</summary>
    /// <param name="args">The command line that the Functions host gives.</param>
    /// <param name="flows">Registers the flows that this app executes.</param>
    /// <param name="services">Registers what the classes of flows and tasks take in their constructors; null for nothing.</param>
    /// <returns>The exit code: 0 after a stop that was asked for, 1 when the app cannot start, and why is written in one line for each
    /// reason.</returns>
    public static async Task<int> RunAsync(string[] args, Action<FlowRegistryBuilder> flows, Action<IServiceCollection>? services = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(flows);
        try
        {
            var builder = FunctionsApplication.CreateBuilder(args);
            if (string.IsNullOrEmpty(builder.Configuration[HostEndpoint]))
            {
                throw new PlatformNotSupportedException(
                    "The Azure Functions host starts this app: run 'func start' in the folder of the built app. To run everything in one "
                        + "process, run src/Serverless.Host."
                );
            }

            await RunAsync(builder, flows, services);
            return 0;
        }
        catch (Exception error)
            when (error is RowStoreOpenException or PlatformNotSupportedException or FlowRegistrationException or SettingException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (Exception error) when (StartupFailures.Of(error) is { } lines)
        {
            await Console.Error.WriteLineAsync(lines);
            return 1;
        }
    }

    private static async Task RunAsync(
        FunctionsApplicationBuilder builder,
        Action<FlowRegistryBuilder> flows,
        Action<IServiceCollection>? services
    )
    {
        var account = AzureStorageAccount.Create(
            AzureStorageAccount.FromConfiguration(builder.Configuration)
                ?? throw new RowStoreOpenException(
                    "No storage account: set AzureWebJobsStorage, or AzureWebJobsStorage__accountName for a managed identity."
                )
        );
        RelayLogger storeLog = new();
        await using var store = await AzureTableRowStore.OpenAsync(
            account,
            new AzureTableRowStoreOptions(),
            TimeProvider.System,
            storeLog,
            CancellationToken.None
        );

        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddFunctionsApp(account, store, flows);
        builder.Services.AddAppTelemetry(builder.Configuration);
        services?.Invoke(builder.Services);
        using var host = builder.Build();
        _ = host.Services.GetRequiredService<FlowRegistry>();
        _ = host.Services.GetRequiredService<ApiCredentials>();
        storeLog.ConnectTo(host.Services.GetRequiredService<ILogger<AzureTableRowStore>>());
        host.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStarted.Register(() => host.Services.GetRequiredService<ServerReadiness>().IsReady = true);
        await host.RunAsync();
    }
}
