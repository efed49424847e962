using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry;

/// <summary>Configures the telemetry of a host.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services)
    {
        Services = services;
    }

    public IServiceCollection Services { get; }
}
