using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;

namespace Serverless.Api.Tests.Http;

public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("application/json", HttpStatusCode.Created)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.Created)]
    [InlineData("application/merge-patch+json", HttpStatusCode.Created)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("nonsense", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task Body_OfAContentType_IsTakenAsJsonOnly(string? type, HttpStatusCode expected)
    {
        await using var server = await ApiServer.StartAsync();
        using ByteArrayContent body = new("""{"name": "f"}"""u8.ToArray());
        if (type is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await server.Http.PostAsync(new Uri("/api/flows/", UriKind.Relative), body);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("POST", null, HttpStatusCode.OK)]
    [InlineData("POST", "application/json", HttpStatusCode.OK)]
    [InlineData("POST", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task NoBody_NeedsNoContentType(string method, string? type, HttpStatusCode expected)
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), "/api/flows/filter") { Content = new ByteArrayContent([]) };
        if (type is not null)
        {
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("127.0.0.1:7071", "http://127.0.0.1:7071", HttpStatusCode.OK)]
    [InlineData("localhost:7071", null, HttpStatusCode.OK)]
    [InlineData("[::1]:7071", null, HttpStatusCode.OK)]
    [InlineData("box.example:7071", "http://BOX.example:7071", HttpStatusCode.OK)]
    [InlineData("192.0.2.7", null, HttpStatusCode.OK)]
    [InlineData("192.0.2.8", null, HttpStatusCode.BadRequest)]
    [InlineData("evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("127.0.0.1.evil.example", null, HttpStatusCode.BadRequest)]
    [InlineData("localhost:7071", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:7071", "http://localhost:3000", HttpStatusCode.Forbidden)]
    [InlineData("localhost:7071", "null", HttpStatusCode.Forbidden)]
    [InlineData("localhost:7071", "file://", HttpStatusCode.Forbidden)]
    public async Task HostAndOrigin_AreOurs_OrRefused(string host, string? origin, HttpStatusCode expected)
    {
        await using var server = await ApiServer.StartAsync(services =>
            services.AddSingleton(new AllowedHosts(["127.0.0.1", "192.0.2.7"], ["box.example"]))
        );
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/flows/filter");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("0.0.0.0", "192.0.2.7", true)]
    [InlineData("[::]", "2001:db8::1", true)]
    [InlineData("0.0.0.0", "evil.example", false)]
    [InlineData("127.0.0.1", "192.0.2.7", false)]
    [InlineData("127.0.0.1", "", false)]
    public void AllowedHosts_ListeningOnAnyAddress_AreAllAddressesAndNoNames(string listened, string host, bool allowed) =>
        new AllowedHosts([listened], []).Contains(host).ShouldBe(allowed);

    [Fact]
    public void AllowedHosts_Star_AreAll() => new AllowedHosts(["127.0.0.1"], ["*"]).Contains("evil.example").ShouldBeTrue();

    /// <summary>Whatever the answer is.</summary>
    [Theory]
    [InlineData("GET", "/api/health")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("PUT", "/api/health")]
    [InlineData("POST", "/api/flow_runs/")]
    public async Task AnyAnswer_TellsBrowsersToBeCareful(string method, string path)
    {
        await using var server = await ApiServer.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using var response = await server.Http.SendAsync(request);

        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["frame-ancestors 'none'"]);
    }
}
