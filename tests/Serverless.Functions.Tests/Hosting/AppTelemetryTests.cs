using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Serverless.Core.Validation;
using Serverless.Functions.Hosting;
using Serverless.Server;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Hosting;

/// <summary>Where telemetry goes, and who signs in to Application Insights.</summary>
public sealed class AppTelemetryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void CredentialOf_Nothing_IsNobody(string? setting) => AppTelemetry.CredentialOf(setting).ShouldBeNull();

    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("ClientId=01a1fcba-73c6-7a4f-a3aa-cdcd5635174e;Authorization=AAD")]
    [InlineData(" authorization = aad ; clientid = x ;")]
    public void CredentialOf_Aad_IsAManagedIdentity(string setting) =>
        AppTelemetry.CredentialOf(setting).ShouldBeOfType<ManagedIdentityCredential>();

    [Theory]
    [InlineData("ClientId=x")]
    [InlineData("Authorization=Basic")]
    [InlineData("AAD")]
    public void CredentialOf_AnythingElse_IsRefused(string setting) =>
        Should
            .Throw<RowStoreOpenException>(() => AppTelemetry.CredentialOf(setting))
            .Message.ShouldContain("APPLICATIONINSIGHTS_AUTHENTICATION_STRING");

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317", true)]
    [InlineData(
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "InstrumentationKey=01a1fcba-73c6-7a4f-a3aa-cdcd5635174e;IngestionEndpoint=https://127.0.0.1/",
        true
    )]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false)]
    public async Task AddAppTelemetry_Settings_DecideWhetherAnythingIsMeasured(string setting, string value, bool isMeasured)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddAppTelemetry(Settings(setting, value));
        await using var provider = services.BuildServiceProvider();

        (provider.GetService<TracerProvider>() is not null).ShouldBe(isMeasured);
        (provider.GetService<MeterProvider>() is not null).ShouldBe(isMeasured);
    }

    [Fact]
    public void HasOtlpEndpoint_NoAddress_IsRefused() =>
        Should
            .Throw<SettingException>(() => OpenTelemetrySetup.HasOtlpEndpoint(Settings("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")))
            .Message.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");

    private static IConfiguration Settings(string setting, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value }).Build();
}
