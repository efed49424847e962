using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Api.Security;

namespace Serverless.Api.Tests.Security;

/// <summary>What pages of other origins can do by a browser: nothing, unless their origin is named.</summary>
public sealed class CrossOriginsTests
{
    private const string App = "https://app.example.com";
    private const string Evil = "https://evil.example";

    [Theory]
    [InlineData("/api/flow_runs/filter")]
    [InlineData("/api/nowhere")]
    public async Task Preflight_NothingIsNamed_IsRefused(string path)
    {
        await using var server = await StartAsync(new CrossOriginOptions());

        using var response = await PreflightAsync(server, App, path);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Preflight_OfANamedOrigin_IsAnsweredWithoutASecret()
    {
        await using var server = await StartAsync(new CrossOriginOptions { CorsAllowedOrigins = $"https://other.example, {App}" });

        using var response = await PreflightAsync(server, App);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([App]);
        response.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["POST"]);
        response.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["authorization,content-type"]);
        response.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData(Evil)]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("https://xapp.example.com")]
    [InlineData("null")]
    public async Task Request_OfAnotherOriginThanNamed_IsRefused(string origin)
    {
        await using var server = await StartAsync(new CrossOriginOptions { CorsAllowedOrigins = App });

        using var asked = await PreflightAsync(server, origin);
        using var sent = await SendAsync(server, origin, "key");

        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        sent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        asked.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        sent.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    /// <summary>A host that does not check origins, as the function app, lets strangers in no more.</summary>
    [Fact]
    public async Task Preflight_OfAnotherOriginWhereOriginsAreNotChecked_IsUnauthorized()
    {
        await using var server = await ApiServer.StartAsync(services =>
        {
            services.AddSingleton(new ApiCredentials(null, "key"));
            services.AddSingleton(new CrossOriginOptions { CorsAllowedOrigins = App });
        });

        using var response = await PreflightAsync(server, Evil);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Theory]
    [InlineData("key", HttpStatusCode.OK)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    public async Task Request_OfANamedOrigin_StillNeedsTheSecretAndCanReadTheAnswer(string key, HttpStatusCode expected)
    {
        await using var server = await StartAsync(new CrossOriginOptions { CorsAllowedOrigins = App });

        using var response = await SendAsync(server, App, key);

        response.StatusCode.ShouldBe(expected);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([App]);
    }

    [Fact]
    public async Task Request_AllOriginsNamed_IsAnsweredForEach()
    {
        await using var server = await StartAsync(new CrossOriginOptions { CorsAllowedOrigins = "*" });

        using var response = await SendAsync(server, Evil, "key");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
    }

    [Fact]
    public async Task Preflight_MethodsAndHeadersNamed_NamesThemOnly()
    {
        await using var server = await StartAsync(
            new CrossOriginOptions
            {
                CorsAllowedOrigins = App,
                CorsAllowedMethods = "GET, HEAD",
                CorsAllowedHeaders = "authorization",
            }
        );

        using var response = await PreflightAsync(server, App);

        response.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["GET,HEAD"]);
        response.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["authorization"]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*", true)]
    [InlineData("https://app.example.com,http://localhost:3000", true)]
    [InlineData("https://app.example.com/", false)]
    [InlineData("https://app.example.com/path", false)]
    [InlineData("https://user@app.example.com", false)]
    [InlineData("app.example.com", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("null", false)]
    [InlineData("file:///", false)]
    public void Origins_OfTheSetting_AreSchemeHostAndPort(string list, bool expected) =>
        new OriginsAttribute().IsValid(list).ShouldBe(expected);

    private static Task<TestServer> StartAsync(CrossOriginOptions options) =>
        ApiServer.StartAsync(services =>
        {
            services.AddSingleton(new AllowedHosts(["127.0.0.1"], []));
            services.AddSingleton(new ApiCredentials(null, "key"));
            services.AddSingleton(options);
        });

    private static async Task<HttpResponseMessage> PreflightAsync(TestServer server, string origin, string path = "/api/flow_runs/filter")
    {
        using HttpRequestMessage request = new(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return await server.Http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestServer server, string origin, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/version");
        request.Headers.Add("Origin", origin);
        request.Headers.Authorization = new("Bearer", key);
        return await server.Http.SendAsync(request);
    }
}
