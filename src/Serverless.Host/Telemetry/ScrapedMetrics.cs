using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Serverless.Functions.Hosting;

namespace Serverless.Host.Telemetry;

/// <summary>
/// The metrics for Prometheus. Measuring begins with the first request for them: a host that nobody scrapes does not pay for it.
/// </summary>
internal sealed class ScrapedMetrics : IDisposable
{
    private readonly Lazy<MeterProvider> _provider;

    public ScrapedMetrics(IConfiguration configuration) =>
        _provider = new Lazy<MeterProvider>(() =>
            Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => HostTelemetry.Describe(resource, configuration))
                .WithServerless()
                .AddPrometheusExporter()
                .Build()
        );

    /// <summary>What answers a request for the metrics.</summary>
    /// <param name="endpoints">Where the answer is mapped.</param>
    public RequestDelegate Handler(IEndpointRouteBuilder endpoints)
    {
        var pipeline = new Lazy<RequestDelegate>(() =>
            endpoints
                .CreateApplicationBuilder()
                .UseOpenTelemetryPrometheusScrapingEndpoint(
                    _provider.Value,
                    predicate: static _ => true,
                    path: null,
                    configureBranchedPipeline: null,
                    optionsName: null
                )
                .Build()
        );
        return context => pipeline.Value(context);
    }

    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Dispose();
        }
    }
}
