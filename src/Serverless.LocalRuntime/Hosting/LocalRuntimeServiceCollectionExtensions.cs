using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.LocalRuntime.Functions;
using Serverless.LocalRuntime.Triggers;
using Serverless.Storage;

namespace Serverless.LocalRuntime.Hosting;

/// <summary>Registers the embedded durable runtime.</summary>
public static class LocalRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Runs the functions of the app in this process, on the registered <see cref="IRowStore"/>. Registers a hosted
    /// service, the <see cref="DurableTaskClient"/> and <see cref="LocalQueues"/>. HTTP-triggered functions are not
    /// served: the web server has the same endpoints.
    /// </summary>
    /// <param name="services">The app's services; complete when the host is built.</param>
    /// <param name="configure">Names the assemblies and sets the bounds, which are checked when the app starts.</param>
    public static IServiceCollection AddLocalRuntime(this IServiceCollection services, Action<LocalRuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<LocalRuntimeOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LocalRuntimeOptions>, LocalRuntimeOptionsValidation>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LocalRuntimeOptions>>().Value);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LocalQueues>();
        services.AddSingleton(provider => new RuntimeCore(
            provider.GetRequiredService<IRowStore>(),
            new FunctionCatalog(provider.GetRequiredService<LocalRuntimeOptions>().Assemblies, services),
            provider.GetRequiredService<LocalRuntimeOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider,
            provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton<DurableTaskClient>(provider => provider.GetRequiredService<RuntimeCore>().Client);
        services.AddSingleton(provider => new TriggerHost(
            provider.GetRequiredService<RuntimeCore>(),
            provider.GetRequiredService<LocalQueues>(),
            provider.GetRequiredService<LocalRuntimeOptions>(),
            provider.GetService<IConfiguration>()
        ));
        services.AddSingleton<IHostedService, LocalRuntimeService>();
        return services;
    }
}
