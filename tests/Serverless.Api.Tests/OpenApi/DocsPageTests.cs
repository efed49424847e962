using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Security;

namespace Serverless.Api.Tests.OpenApi;

/// <summary>The page that shows the OpenAPI document.</summary>
public sealed partial class DocsPageTests
{
    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/")]
    [InlineData("/api/docs")]
    public async Task Page_AndAllThatItLoads_AreServedHere(string path)
    {
        await using var server = await ApiServer.StartAsync();

        using var page = await server.Http.GetAsync(path);

        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var html = await page.Content.ReadAsStringAsync();
        html.ShouldNotContain("//");
        var addresses = Address().Matches(html).Select(match => match.Groups["address"].Value).ToList();
        addresses.ShouldBe([$"{path.TrimEnd('/')}/scalar.js", $"{path.TrimEnd('/')}/start.js", "/api/openapi.json"]);
        foreach (var address in addresses)
        {
            (await server.Http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK, address);
        }
    }

    [Fact]
    public async Task Page_MayRunOnlyItsOwnScripts_AndAskOnlyItsOwnServer()
    {
        await using var server = await ApiServer.StartAsync();

        using var page = await server.Http.GetAsync("/docs");

        var policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; ");
        policy.ShouldContain("connect-src 'self'; ");
        policy.ShouldEndWith("frame-ancestors 'none'");
        policy.ShouldNotContain("http");
        Script()
            .Matches(await page.Content.ReadAsStringAsync())
            .Select(match => match.Value)
            .ShouldAllBe(script => script.Contains(" src="));
    }

    [Fact]
    public async Task Start_TurnsOffWhatAsksOtherHosts()
    {
        await using var server = await ApiServer.StartAsync();

        var script = await server.Http.GetStringAsync("/docs/start.js");

        script.ShouldNotContain("http");
        script.ShouldContain("withDefaultFonts: false");
        script.ShouldContain("telemetry: false");
        script.ShouldContain("agent: { disabled: true }");
    }

    [Fact]
    public async Task Scalar_ForAClientThatTakesIt_TravelsCompressed()
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/docs/scalar.js") { Headers = { { "Accept-Encoding", "gzip" } } };

        using var answer = await server.Http.SendAsync(request);

        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using GZipStream content = new(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using StreamReader text = new(content);
        var script = await text.ReadToEndAsync();
        script.ShouldBe(await server.Http.GetStringAsync("/docs/scalar.js"));
        script.ShouldContain("createApiReference");
    }

    [Fact]
    public async Task Page_AskedForWithAFunctionKey_PassesItOn()
    {
        await using var server = await ApiServer.StartAsync();

        var html = await server.Http.GetStringAsync("/api/docs?code=a%22%3Cb%3D%3D");

        html.ShouldContain("src=\"/api/docs/scalar.js?code=a%22%3Cb%3D%3D\"");
        html.ShouldContain("data-document=\"/api/openapi.json?code=a%22%3Cb%3D%3D\"");
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/scalar.js")]
    [InlineData("/docs/start.js")]
    [InlineData("/api/docs")]
    public async Task Page_WhereASecretIsAskedFor_AsksForItToo(string path)
    {
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(new ApiCredentials(null, "key")));

        (await server.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex("(src|data-document)=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    [GeneratedRegex("<script[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();
}
