using Serverless.Api.Security;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Security;

/// <summary>Nothing of the embedded host is served to a stranger, but for the two probes.</summary>
public sealed class AuthenticationTests : IAsyncLifetime
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "Get", "PURGE"];

    private HostInProcess _host = null!;

    public async Task InitializeAsync() => _host = await HostInProcess.StartAsync(new ApiCredentials("ada:secret", "key"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task EveryRoute_Anonymous_IsUnauthorizedWithAnyMethod()
    {
        var routes = _host.Routes().ToList();
        routes.Count.ShouldBeGreaterThan(60);
        routes.Select(route => route.Path).ShouldContain("/metrics");
        foreach (var path in routes.Select(route => route.Path).Distinct())
        {
            foreach (var method in Methods)
            {
                var isProbe = method == "GET" && path is ("/api/health" or "/api/ready");
                (await _host.SendAsync(method, path)).Status.ShouldBe(isProbe ? 200 : 401, $"{method} {path}");
            }
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/api/health/")]
    [InlineData("//api/health")]
    [InlineData("/api//health")]
    [InlineData("/api/health//")]
    [InlineData("/API/HEALTH")]
    [InlineData("/api/Health")]
    [InlineData("/api/%68ealth")]
    [InlineData("/api%2Fhealth")]
    [InlineData("/api/health%2F")]
    [InlineData("/api/health;x")]
    [InlineData("/api/./health")]
    [InlineData("/api/x/../health")]
    [InlineData("/api/health/../version")]
    [InlineData("/api/health%2F..%2Fversion")]
    [InlineData("/api/version/../health")]
    [InlineData("/api/version?/api/health")]
    [InlineData("/api/version#/api/health")]
    [InlineData("/api/flows/name/api/health")]
    [InlineData("/api/flows/name/system-health")]
    [InlineData("/api/flows/name/ready")]
    [InlineData("/api/v2/concurrency_limits/health")]
    [InlineData("/metrics/")]
    [InlineData("/METRICS")]
    [InlineData("/%6Detrics")]
    [InlineData("/metrics/api/health")]
    [InlineData("/ui-settings")]
    [InlineData("/docs")]
    [InlineData("/admin/host/keys")]
    public async Task Path_LikeAProbes_IsUnauthorized(string target) => (await _host.SendAsync("GET", target)).Status.ShouldBe(401);

    /// <summary>The target can name a host, and headers can name methods and paths: none of that changes what is asked for.</summary>
    [Fact]
    public async Task Request_ThatNamesAProbeElsewhere_IsUnauthorized()
    {
        (await _host.SendAsync("GET", $"http://{_host.Address.Authority}/api/version")).Status.ShouldBe(401);
        (await _host.SendAsync("GET", $"http://{_host.Address.Authority}/api/health")).Status.ShouldBe(401);
        (await _host.SendAsync("OPTIONS", "*")).Status.ShouldBe(401);
        (await _host.SendAsync("POST", "/api/version", "X-HTTP-Method-Override: GET\r\n")).Status.ShouldBe(401);
        foreach (var header in new[] { "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix" })
        {
            (await _host.SendAsync("GET", "/api/version", $"{header}: /api/health\r\n")).Status.ShouldBe(401);
        }

        (await _host.SendAsync("GET", "/api/health%00")).Status.ShouldBe(400);
        (await _host.SendAsync("GET /api/version HTTP/1.1\r\nHost: localhost/api/health?\r\nConnection: close\r\n\r\n")).Status.ShouldBe(
            400
        );
    }

    [Theory]
    [InlineData("/api/health")]
    [InlineData("/api/ready")]
    [InlineData("/api/health?verbose=1")]
    public async Task Probe_Anonymous_IsAnswered(string target) => (await _host.SendAsync("GET", target)).Status.ShouldBe(200);

    [Fact]
    public async Task EveryRoute_WithTheSecret_IsServed()
    {
        foreach (var header in new[] { "Authorization: Basic YWRhOnNlY3JldA==\r\n", "Authorization: Bearer key\r\n" })
        {
            // The page's changes are told as long as somebody listens: their answer does not end.
            foreach ((var path, var methods) in _host.Routes().Where(route => !route.Path.EndsWith("/changes", StringComparison.Ordinal)))
            {
                (await _host.SendAsync(methods[0], path, header)).Status.ShouldNotBe(401, $"{methods[0]} {path}");
            }

            (await _host.SendAsync("GET", "/metrics", header)).Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task TwoRequestsOnOneConnection_TheSecondWithoutTheSecret_IsUnauthorized()
    {
        (_, var answers) = await _host.SendAsync(
            $"GET /api/version HTTP/1.1\r\nHost: {_host.Address.Authority}\r\nAuthorization: Bearer key\r\n\r\n"
                + $"GET /api/version HTTP/1.1\r\nHost: {_host.Address.Authority}\r\nConnection: close\r\n\r\n"
        );

        answers.ShouldContain("HTTP/1.1 200 OK");
        answers.ShouldContain("HTTP/1.1 401 Unauthorized");
    }
}
