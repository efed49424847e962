using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Serverless.Core.Validation;
using Serverless.Server.Telemetry;
using Serverless.Storage.Telemetry;

namespace Serverless.Functions.Hosting;

/// <summary>What of the app's telemetry is sent, wherever it is sent to, on either host.</summary>
public static class OpenTelemetrySetup
{
    /// <summary>The setting with the address of a collector; the others of <c>OTEL_EXPORTER_OTLP_…</c> go with it.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether the settings name a collector.</summary>
    /// <param name="configuration">The settings.</param>
    /// <exception cref="SettingException">What they name is no address.</exception>
    public static bool HasOtlpEndpoint(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration[OtlpEndpoint] is not { Length: > 0 } endpoint)
        {
            return false;
        }

        // The exporter would take its default address instead.
        return
            Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? true
            : throw new SettingException(
                $"The setting {OtlpEndpoint} must be an address such as http://localhost:4317, but is '{endpoint}'."
            );
    }

    /// <summary>Adds the app's own spans and metrics, and the spans of HTTP requests that tasks make.</summary>
    public static IOpenTelemetryBuilder WithServerless(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .WithMetrics(metrics => metrics.WithServerless())
            .WithTracing(tracing =>
                tracing
                    .AddSource(ServerlessTelemetry.Name)
                    .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = _ => RunSpans.IsTaskCode(Activity.Current))
            );
    }

    /// <summary>Adds the app's own metrics, and those of requests and of .NET.</summary>
    public static MeterProviderBuilder WithServerless(this MeterProviderBuilder metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.AddMeter(
            ServerlessTelemetry.Name,
            "Microsoft.AspNetCore.Hosting",
            "Microsoft.AspNetCore.Server.Kestrel",
            "System.Net.Http",
            "System.Runtime"
        );
    }
}
