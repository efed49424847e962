using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Flows.Hosting;
using Serverless.Flows.Results;

namespace Serverless.Flows;

/// <summary>Registration of flows.</summary>
public static class FlowServiceCollectionExtensions
{
    /// <summary>
    /// Adds flows, their tasks and the <see cref="FlowRegistry"/>. Several calls add up; what is wrong with any of them, the registry tells
    /// when it is made.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Adds the flows: <c>flows => flows.AddFlow(HelloFlow.Run)</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddFlows(this IServiceCollection services, Action<FlowRegistryBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = services.Select(service => service.ImplementationInstance).OfType<FlowRegistryBuilder>().FirstOrDefault();
        if (builder is null)
        {
            builder = new FlowRegistryBuilder();
            services.AddSingleton(builder);
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton(provider => new ResultStorages(
                provider.GetServices<NamedResultStorage>(),
                provider.GetServices<NamedResultSerializer>()
            ));
            services.AddSingleton(provider =>
                provider.GetRequiredService<FlowRegistryBuilder>().BuildWith(provider.GetRequiredService<ResultStorages>())
            );
            services.TryAddSingleton<IBackgroundTasks>(provider => new BackgroundTasks(
                provider.GetRequiredService<FlowRegistry>(),
                provider.GetRequiredService<IBackgroundTaskEngine>()
            ));
        }

        configure(builder);
        return services;
    }
}
