using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions.Facts;

public sealed class ClientVersionTests
{
    [Theory]
    [InlineData("3.4.11", true)]
    [InlineData("3.8.3", true)]
    [InlineData("4.0.0rc1", true)]
    [InlineData("3.4.11+4.g1a2b", true)]
    [InlineData("3.4.11.post1", true)]
    [InlineData("3.4.10", false)]
    [InlineData("3.4.11rc2", false)]
    [InlineData("3.4.11.dev3", false)]
    [InlineData("2.20.0", false)]
    public void RenewsLeases_Version_Since3411(string version, bool expected) =>
        ClientVersion.Parse(version)!.RenewsLeases.ShouldBe(expected);

    [Theory]
    [InlineData("3.0.0rc20", true)]
    [InlineData("3.0.3", true)]
    [InlineData("3.0.4", false)]
    public void ManagesSlots_Version_ThoseFewOnly(string version, bool expected) =>
        ClientVersion.Parse(version)!.ManagesSlots.ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("3.4")]
    [InlineData("3.4.5.6")]
    [InlineData("three")]
    public void Parse_NoVersion_Null(string? text) => ClientVersion.Parse(text).ShouldBeNull();

    [Fact]
    public void FromUserAgent_PrefectsClient_ItsVersion()
    {
        ClientVersion.FromUserAgent("prefect/3.4.11 (API 0.8.4)")!.Text.ShouldBe("3.4.11");
        ClientVersion.FromUserAgent("curl/8.5.0").ShouldBeNull();
        ClientVersion.FromUserAgent("prefect/3.4.11").ShouldBeNull();
        ClientVersion.FromUserAgent(null).ShouldBeNull();
    }
}
