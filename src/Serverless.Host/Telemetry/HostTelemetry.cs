using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
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
    /// <exception cref="Server.SettingException">The collector's address is none.</exception>
    public static IServiceCollection AddHostTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        IOpenTelemetryBuilder builder = services
            .AddOpenTelemetry()
            .WithMetrics(metrics => metrics.WithServerless().AddPrometheusExporter());
        if (
            configuration["OTEL_SERVICE_NAME"] is not { Length: > 0 }
            && configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) is not true
        )
        {
            builder = builder.ConfigureResource(resource =>
                resource.AddService(ServiceName, serviceVersion: typeof(HostTelemetry).Assembly.GetName().Version?.ToString(3))
            );
        }

        if (OpenTelemetrySetup.HasOtlpEndpoint(configuration))
        {
            builder.WithServerless().WithTracing(tracing => tracing.AddAspNetCoreInstrumentation()).UseOtlpExporter();
        }

        return services;
    }

    /// <summary>Maps <c>GET /metrics</c>. Like the API it asks nobody who he is; the check of the host before it is the same.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}
