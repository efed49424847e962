using System.Security.Cryptography;
using Serverless.Web.Assets;

namespace Serverless.Web.Tests.Http;

public sealed class PageHeadersTests
{
    [Fact]
    public async Task Pages_HaveAPolicyWithoutAnythingInline()
    {
        await using var server = await WebServer.StartAsync();

        using var answer = await server.Http.GetAsync(new Uri("/runs", UriKind.Relative));

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldNotContain(" style=");
        html.ShouldNotContain(" onclick=");
        html.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task Assets_OfAPage_AreThereForeverAndAsTheirIntegritySays()
    {
        await using var server = await WebServer.StartAsync();

        foreach (var file in AssetFiles.All)
        {
            using var answer = await server.Http.GetAsync(new Uri($"/assets/{file.Address}", UriKind.Relative));
            var content = await answer.Content.ReadAsByteArrayAsync();
            $"sha384-{Convert.ToBase64String(SHA384.HashData(content))}".ShouldBe(file.Integrity);
            answer.Headers.CacheControl.ShouldNotBeNull().Extensions.ShouldContain(part => part.Name == "immutable");
        }

        (await server.Http.GetAsync(new Uri("/assets/app.0000000000000000.css", UriKind.Relative))).StatusCode.ShouldBe(
            System.Net.HttpStatusCode.NotFound
        );
    }

    [Fact]
    public void Htmx_IsTheFileOfThePackage() => AssetFiles.Get("htmx.min.js").Integrity.ShouldBe(AssetFiles.HtmxIntegrity);

    [Fact]
    public async Task Pages_BelowApi_LinkThereWithTheFunctionKey()
    {
        await using var server = await WebServer.StartAsync();
        var run = await server.CreateRegisteredAsync();

        var html = await server.PageAsync("/api/page/runs?code=a%2Bb");

        html.ShouldContain($"href=\"/api/page/runs/flow-run/{run.Id}?code=a%2Bb\"");
        html.ShouldContain("/api/page/assets/app.");
        html.ShouldContain("/api/page/act/runs/cancel?code=a%2Bb");
        html.ShouldNotContain("data-changes=");
    }
}
