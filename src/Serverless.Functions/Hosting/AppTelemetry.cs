using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using Serverless.Storage;

namespace Serverless.Functions.Hosting;

/// <summary>
/// Sends the app's logs, traces and metrics to Application Insights and to a collector, if there are settings that name them, beside those
/// of the Functions host (<c>"telemetryMode": "OpenTelemetry"</c> in host.json). The settings are the host's own.
/// </summary>
internal static class AppTelemetry
{
    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static IServiceCollection AddAppTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration[ConnectionSetting] is { Length: > 0 } given ? given : null;
        var hasCollector = OpenTelemetrySetup.HasOtlpEndpoint(configuration);

        // Without either the Functions host shows what the app logs: nothing is to be set up, and nothing measured.
        if (connectionString is null && !hasCollector)
        {
            return services;
        }

        var builder = services.AddOpenTelemetry().UseFunctionsWorkerDefaults().WithServerless();
        if (connectionString is not null)
        {
            var credential = CredentialOf(configuration[AuthenticationSetting]);
            builder.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connectionString;
                if (credential is not null)
                {
                    options.Credential = credential;
                }
            });
        }

        if (hasCollector)
        {
            builder.UseOtlpExporter();
        }

        return services;
    }

    /// <summary>
    /// Who signs in: <c>Authorization=AAD</c> is the app's own identity, with <c>ClientId=</c> a user-assigned one; nothing is the
    /// connection string alone.
    /// </summary>
    /// <exception cref="RowStoreOpenException">The setting is not of that form.</exception>
    internal static TokenCredential? CredentialOf(string? authentication)
    {
        if (string.IsNullOrWhiteSpace(authentication))
        {
            return null;
        }

        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (var part in authentication.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            parts[equals < 0 ? part : part[..equals].Trim()] = equals < 0 ? string.Empty : part[(equals + 1)..].Trim();
        }

        if (!parts.TryGetValue("Authorization", out var kind) || !kind.Equals("AAD", StringComparison.OrdinalIgnoreCase))
        {
            throw new RowStoreOpenException(
                $"The setting {AuthenticationSetting} must be 'Authorization=AAD', with ';ClientId=…' for a user-assigned identity."
            );
        }

        return new ManagedIdentityCredential(
            parts.TryGetValue("ClientId", out var clientId) && clientId.Length > 0
                ? ManagedIdentityId.FromUserAssignedClientId(clientId)
                : ManagedIdentityId.SystemAssigned
        );
    }
}
