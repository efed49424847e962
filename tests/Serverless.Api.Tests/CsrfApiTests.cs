using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Security;

namespace Serverless.Api.Tests;

public sealed class CsrfApiTests
{
    [Fact]
    public async Task Token_ProtectionIsOff_SaysSoInPrefectsWords()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/api/csrf-token?client=c", HttpStatusCode.UnprocessableEntity))!
            .ToJsonString()
            .ShouldBe("""{"detail":"CSRF protection is disabled."}""");
        await server.PostAsync("/api/flows/filter", "{}");
    }

    [Fact]
    public async Task Token_ProtectionIsOn_HasPrefectsMembers()
    {
        await using var server = await StartAsync();

        var token = await server.GetAsync("/api/csrf-token?client=client123");

        token!.AsObject().Select(member => member.Key).ShouldBe(["id", "created", "updated", "token", "client", "expiration"]);
        token.Text("client").ShouldBe("client123");
        token["id"]!.GetValue<Guid>().ShouldBe((await server.GetAsync("/api/csrf-token?client=client123"))!["id"]!.GetValue<Guid>());
        token["expiration"]!.GetValue<DateTimeOffset>().ShouldBe(server.Time.GetUtcNow().AddHours(1), TimeSpan.FromMilliseconds(1));
        token.Text("token").ShouldNotBe((await server.GetAsync("/api/csrf-token?client=other")).Text("token"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_WithoutAClient_IsUnprocessable(bool isOn)
    {
        await using var server = isOn ? await StartAsync() : await ApiServer.StartAsync();

        (await server.GetAsync("/api/csrf-token", HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([("missing", "query.client")]);
        (await server.GetAsync($"/api/csrf-token?client={new string('c', 1025)}", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("string_too_long", "query.client")]);
    }

    [Theory]
    [InlineData(null, null, "Missing CSRF token.")]
    [InlineData(null, "client", "Missing CSRF token.")]
    [InlineData("{token}", null, "Missing client identifier.")]
    [InlineData("{token}", "other", "Invalid CSRF token or client identifier.")]
    [InlineData("wrong", "client", "Invalid CSRF token or client identifier.")]
    [InlineData("{token}", "client", null)]
    public async Task Change_ProtectionIsOn_NeedsTheTokenOfTheClient(string? shown, string? client, string? refusal)
    {
        await using var server = await StartAsync();
        var token = (await server.GetAsync("/api/csrf-token?client=client")).Text("token");
        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE" })
        {
            using HttpRequestMessage request = new(new HttpMethod(method), method == "POST" ? "/api/flows/filter" : "/api/nowhere");
            AddTo(request, shown?.Replace("{token}", token), client);

            using var response = await server.Http.SendAsync(request);

            var expected =
                refusal is not null ? HttpStatusCode.Forbidden
                : method == "POST" ? HttpStatusCode.OK
                : HttpStatusCode.NotFound;
            response.StatusCode.ShouldBe(expected, method);
            if (refusal is not null)
            {
                (await response.Content.ReadFromJsonAsync<JsonNode>()).Text("detail").ShouldBe(refusal);
                response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            }
        }

        await server.GetAsync("/api/version");
    }

    [Fact]
    public async Task Change_TokenHasExpired_IsRefused()
    {
        await using var server = await StartAsync(seconds: 60);
        var token = (await server.GetAsync("/api/csrf-token?client=client")).Text("token");
        server.Time.Advance(TimeSpan.FromSeconds(60));
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/flows/filter");
        AddTo(request, token, "client");

        using var response = await server.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadFromJsonAsync<JsonNode>()).Text("detail").ShouldBe("Invalid CSRF token or client identifier.");
    }

    /// <summary>A token is no secret that signs anybody in.</summary>
    [Fact]
    public async Task Change_SecretIsAskedForToo_NeedsBoth()
    {
        await using var server = await StartAsync(services => services.AddSingleton(new ApiCredentials(null, "key")));

        await server.GetAsync("/api/csrf-token?client=c", HttpStatusCode.Unauthorized);
        await server.PostAsync("/api/flows/filter", "{}", HttpStatusCode.Unauthorized);

        server.Http.DefaultRequestHeaders.Authorization = new("Bearer", "key");
        await server.PostAsync("/api/flows/filter", "{}", HttpStatusCode.Forbidden);
        AddTo(server.Http, (await server.GetAsync("/api/csrf-token?client=c")).Text("token"), "c");
        await server.PostAsync("/api/flows/filter", "{}");
    }

    private static void AddTo(HttpClient client, string token, string name)
    {
        client.DefaultRequestHeaders.Add("Prefect-Csrf-Token", token);
        client.DefaultRequestHeaders.Add("Prefect-Csrf-Client", name);
    }

    private static void AddTo(HttpRequestMessage request, string? token, string? client)
    {
        if (token is not null)
        {
            request.Headers.Add("Prefect-Csrf-Token", token);
        }

        if (client is not null)
        {
            request.Headers.Add("Prefect-Csrf-Client", client);
        }
    }

    private static Task<TestServer> StartAsync(Action<IServiceCollection>? configure = null, int seconds = 3600) =>
        ApiServer.StartAsync(services =>
        {
            services.AddSingleton(new CsrfOptions { CsrfProtection = true, CsrfTokenSeconds = seconds });
            configure?.Invoke(services);
        });
}
