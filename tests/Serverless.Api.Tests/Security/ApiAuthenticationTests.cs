using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Security;
using Serverless.Server;

namespace Serverless.Api.Tests.Security;

public sealed class ApiAuthenticationTests
{
    private static readonly ApiCredentials Credentials = new("ada:secret", "key");

    [Fact]
    public async Task AnyRequest_NothingIsRequired_IsAnswered()
    {
        await using var server = await ApiServer.StartAsync();

        await server.GetAsync("/api/version");
    }

    [Fact]
    public async Task Request_WithoutASecret_IsUnauthorizedAsByPrefect()
    {
        await using var server = await StartAsync();

        using var response = await server.Http.GetAsync(new Uri("/api/version", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"exception_message":"Unauthorized"}""");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response
            .Headers.WwwAuthenticate.Select(challenge => challenge.ToString())
            .ShouldBe(["Basic realm=\"Serverless\", charset=\"UTF-8\"", "Bearer realm=\"Serverless\""]);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("Basic", "YWRhOnNlY3JldA==", HttpStatusCode.OK)]
    [InlineData("Bearer", "key", HttpStatusCode.OK)]
    [InlineData("Basic", "YWRhOndyb25n", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer", "other", HttpStatusCode.Unauthorized)]
    public async Task Request_WithASecret_IsAnsweredIfItIsTheRightOne(string scheme, string shown, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, shown);

        await server.GetAsync("/api/version", expected);
        await server.PostAsync("/api/flow_runs/filter", "{}", expected);
        await server.GetAsync("/api/nowhere", expected == HttpStatusCode.OK ? HttpStatusCode.NotFound : expected);
    }

    /// <summary>Whoever is not known learns nothing of what is wrong with his request.</summary>
    [Theory]
    [InlineData("POST", "/api/flows/", "no JSON")]
    [InlineData("PUT", "/api/health", null)]
    [InlineData("GET", "/api/flows/name/%ff", null)]
    [InlineData("GET", "/api/nowhere", null)]
    public async Task Request_WrongInMoreThanOneWay_IsUnauthorized(string method, string path, string? body)
    {
        await using var server = await StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, MediaTypeHeaderValue.Parse("text/plain")),
        };

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Ready_SomethingIsDamaged_IsNotToldToAStranger()
    {
        await using var server = await StartAsync();
        server.Get<ServerReadiness>().IsReady = true;
        server.Store.Health = new Storage.StoreHealth(null, ["table 'runs', partition 'p', row 'r'"], 1);

        (await server.GetAsync("/api/ready"))!.ToJsonString().ShouldBe("""{"message":"OK"}""");

        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "key");
        (await server.GetAsync("/api/ready"))!["damage_count"]!.GetValue<int>().ShouldBe(1);
    }

    private static Task<TestServer> StartAsync() => ApiServer.StartAsync(services => services.AddSingleton(Credentials));
}
