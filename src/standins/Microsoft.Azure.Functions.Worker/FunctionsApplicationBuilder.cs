using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The shape of the builder of a worker application. There is never an object of it: <see cref="FunctionsApplication"/> makes none.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    internal FunctionsApplicationBuilder()
    {
    }

    public IDictionary<object, object> Properties => throw FunctionsApplication.NoWorker();

    IConfigurationManager IHostApplicationBuilder.Configuration => Configuration;

    public ConfigurationManager Configuration => throw FunctionsApplication.NoWorker();

    public IHostEnvironment Environment => throw FunctionsApplication.NoWorker();

    public ILoggingBuilder Logging => throw FunctionsApplication.NoWorker();

    public IMetricsBuilder Metrics => throw FunctionsApplication.NoWorker();

    public IServiceCollection Services => throw FunctionsApplication.NoWorker();

    public IHost Build() => throw FunctionsApplication.NoWorker();

    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull =>
        throw FunctionsApplication.NoWorker();

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => throw FunctionsApplication.NoWorker();
}
