using Azure.Identity;
using Serverless.Functions.Hosting;
using Serverless.Storage;

namespace Serverless.Functions.Tests.Hosting;

/// <summary>Who signs in to Application Insights.</summary>
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
        Should.Throw<RowStoreOpenException>(() => AppTelemetry.CredentialOf(setting)).Message.ShouldContain("APPLICATIONINSIGHTS_AUTHENTICATION_STRING");
}
