using Azure.Core;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Where telemetry is sent, and as whom.</summary>
public class AzureMonitorExporterOptions : ClientOptions
{
    public string ConnectionString { get; set; } = null!;

    public TokenCredential Credential { get; set; } = null!;
}
