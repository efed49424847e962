using Serverless.Server.Services;

namespace Serverless.Web.Settings;

/// <summary>What the page of settings shows.</summary>
/// <param name="Facts">What the host is: labels and values.</param>
/// <param name="Settings">The settings by name, with values in words.</param>
/// <param name="Services">How the services are.</param>
/// <param name="Health">What is wrong with the store; null for nothing, or when it does not know.</param>
public sealed record SettingsModel(
    IReadOnlyList<(string Label, string Value)> Facts,
    IReadOnlyList<(string Name, string Value)> Settings,
    IReadOnlyList<ServiceStatus> Services,
    string? Health
);
