using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serverless.Core.Validation;
using Serverless.Functions.Hosting;

namespace Serverless.Host.Telemetry;

/// <summary>
/// Serves the metrics for Prometheus, and sends logs, traces and metrics to a collector if the environment names one
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>). Spans are made in the second case only.
/// </summary>
internal static class HostTelemetry
{
    private const string MetricsPath = "/metrics";

    /// <summary>What the service is called, unless the environment (<c>OTEL_SERVICE_NAME</c>) says otherwise.</summary>
    private const string ServiceName = "serverless";

    /// <summary>Adds it.</summary>
    /// <exception cref="SettingException">The setting with the collector's address holds no address.</exception>
    public static IServiceCollection AddHostTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ScrapedMetrics>();
        if (OpenTelemetrySetup.HasOtlpEndpoint(configuration))
        {
            services
                .AddOpenTelemetry()
                .ConfigureResource(resource => Describe(resource, configuration))
                .WithServerless()
                .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation())
                .UseOtlpExporter();
        }

        return services;
    }

    /// <summary>
    /// Maps <c>GET /metrics</c>. Requests for it must show what those of the API must.
    /// </summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(MetricsPath, endpoints.ServiceProvider.GetRequiredService<ScrapedMetrics>().Handler(endpoints));

    /// <summary>Says which service the telemetry comes from.</summary>
    public static void Describe(ResourceBuilder resource, IConfiguration configuration)
    {
        if (
            configuration["OTEL_SERVICE_NAME"] is not { Length: > 0 }
            && configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) is not true
        )
        {
            resource.AddService(ServiceName, serviceVersion: typeof(HostTelemetry).Assembly.GetName().Version?.ToString(3));
        }
    }
}
