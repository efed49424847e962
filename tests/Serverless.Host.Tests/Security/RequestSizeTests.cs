using System.Text;
using Serverless.Api;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests.Security;

/// <summary>What the web server takes of a request before any operation sees it.</summary>
public sealed class RequestSizeTests : IAsyncLifetime
{
    private HostInProcess _host = null!;

    public async Task InitializeAsync() => _host = await HostInProcess.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(7_000, 404)]
    [InlineData(9_000, 414)]
    public async Task FirstLine_Long_IsRefused(int length, int expected) =>
        (await _host.SendAsync("GET", "/api/flows/name/" + new string('x', length))).Status.ShouldBe(expected);

    [Theory]
    [InlineData(1, 30_000, 200)]
    [InlineData(1, 40_000, 431)]
    [InlineData(90, 10, 200)]
    [InlineData(101, 10, 431)]
    [InlineData(60, 1_000, 431)]
    public async Task Headers_LargeOrMany_AreRefused(int count, int length, int expected)
    {
        StringBuilder headers = new();
        for (var header = 0; header < count; header++)
        {
            headers.Append(System.Globalization.CultureInfo.InvariantCulture, $"X-{header}: {new string('x', length)}\r\n");
        }

        (await _host.SendAsync("GET", "/api/health", headers.ToString())).Status.ShouldBe(expected);
    }

    /// <summary>An operation without a body does not read one, and it is not waited for either.</summary>
    [Theory]
    [InlineData("POST", "/api/flow_runs/filter", 413)]
    [InlineData("POST", "/api/logs/", 413)]
    [InlineData("PUT", "/api/nowhere", 404)]
    [InlineData("DELETE", "/api/flow_runs/01900000-0000-7000-8000-000000000001", 404)]
    public async Task Body_LargerThanAny_IsRefusedUnread(string method, string target, int expected)
    {
        var declared = ServerlessApi.LargestBody * 100L;

        // Returns when the server has closed.
        (var status, var answer) = await _host.SendAsync(
            $"{method} {target} HTTP/1.1\r\nHost: {_host.Address.Authority}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {declared}\r\n\r\n"
        );

        status.ShouldBe(expected);
        answer.ShouldContain("X-Content-Type-Options: nosniff");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n", 400)]
    [InlineData("POST /api/flows/filter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: x\r\n\r\n{}", 400)]
    [InlineData("POST /api/flows/filter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400)]
    public async Task Request_AgainstTheProtocol_IsRefused(string request, int expected) =>
        (await _host.SendAsync(request)).Status.ShouldBe(expected);
}
