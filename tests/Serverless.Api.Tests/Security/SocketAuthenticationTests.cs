using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Security;
using Serverless.Api.Sockets;
using Serverless.Testing;

namespace Serverless.Api.Tests.Security;

/// <summary>Every websocket asks for a secret, in a header or in the first message, and says no as Prefect's server does.</summary>
public sealed class SocketAuthenticationTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await ApiServer.StartAsync(services => services.AddSingleton(new ApiCredentials("ada:secret", "key")));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("""{"type": "auth", "token": null}""", "Auth required but no token provided")]
    [InlineData("""{"type": "auth", "token": ""}""", "Auth required but no token provided")]
    [InlineData("""{"type": "auth"}""", "Auth required but no token provided")]
    [InlineData("""{"type": "auth", "token": "ada:secre"}""", "Invalid token")]
    [InlineData("""{"type": "auth", "token": "YWRhOnNlY3JldA=="}""", "Invalid token")]
    [InlineData("""{"type": "auth", "token": 1}""", "Invalid token")]
    [InlineData("""{"type": "auth", "token": ["key"]}""", "Invalid token")]
    [InlineData("""{"type": "auth", "token": "\ud800"}""", "Expected 'auth' message")]
    [InlineData("""{"type": "filter", "token": "key"}""", "Expected 'auth' message")]
    [InlineData("""{"token": "key"}""", "Expected 'auth' message")]
    [InlineData("key", "Expected 'auth' message")]
    public async Task AnySocket_FirstMessageShowsNoSecret_IsClosed(string message, string reason)
    {
        foreach (var path in Paths())
        {
            using var socket = await ConnectAsync(path, "prefect", null);
            await SendAsync(socket, message);

            (await ReceiveAsync(socket)).ShouldBe("");
            (socket.CloseStatus, socket.CloseStatusDescription).ShouldBe((WebSocketCloseStatus.PolicyViolation, reason), path);
        }
    }

    [Theory]
    [InlineData(null, "ada:secret")]
    [InlineData(null, "key")]
    [InlineData("Basic YWRhOnNlY3JldA==", null)]
    [InlineData("Basic YWRhOnNlY3JldA==", "ada:secret")]
    [InlineData("bearer key", null)]
    [InlineData("Basic d3Jvbmc6b25l", "ada:secret")]
    public async Task AnySocket_SecretInHeaderOrFirstMessage_IsOpen(string? header, string? token)
    {
        foreach (var path in Paths())
        {
            using var socket = await ConnectAsync(path, "prefect", header);
            await SendAsync(socket, $$"""{"type": "auth", "token": {{(token is null ? "null" : $"\"{token}\"")}}}""");

            (await ReceiveAsync(socket)).ShouldBe("""{"type":"auth_success"}""", path);
        }
    }

    /// <summary>Clients of long ago and of Prefect's cloud send no first message.</summary>
    [Fact]
    public async Task AnySocket_WithoutTheSubprotocol_NeedsTheHeader()
    {
        foreach (var path in Paths())
        {
            using (var socket = await ConnectAsync(path, null, "bearer key"))
            {
                socket.State.ShouldBe(WebSocketState.Open);
            }

            (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync(path, null, null))).Message.ShouldContain("401");
            (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync(path, "other", "bearer no"))).Message.ShouldContain(
                "401"
            );
        }
    }

    [Fact]
    public async Task AnySocket_FirstMessageTooLongForOne_IsClosed()
    {
        using var socket = await ConnectAsync("/api/events/in", "prefect", null);
        await SendAsync(socket, new string(' ', 20_000));

        await ReceiveAsync(socket);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    /// <summary>Strangers who send no first message do not keep those out who show their secret at once.</summary>
    [Fact]
    public async Task AnySocket_ManyStrangersWait_TheOthersGetIn()
    {
        await _server.DisposeAsync();
        _server = await ApiServer.StartAsync(services =>
        {
            services.AddSingleton(new ApiCredentials("ada:secret", "key"));
            services.AddSingleton(new SocketOptions { Max = 8 });
        });
        const string Path = "/api/events/in";
        using var first = await ConnectAsync(Path, "prefect", null);
        using var second = await ConnectAsync(Path, "prefect", null);

        (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync(Path, "prefect", null))).Message.ShouldContain("503");
        using var known = await ConnectAsync(Path, "prefect", "Bearer key");
        known.State.ShouldBe(WebSocketState.Open);

        await SendAsync(first, """{"type": "auth", "token": "key"}""");
        (await ReceiveAsync(first)).ShouldBe("""{"type":"auth_success"}""");
        using var third = await ConnectAsync(Path, "prefect", null);
        third.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task OtherEndpoint_AskedForASocketWithoutASecret_IsUnauthorized() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => ConnectAsync("/api/version", "prefect", null))).Message.ShouldContain(
            "401"
        );

    private List<string> Paths()
    {
        List<string> paths =
        [
            .. _server
                .Get<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint =>
                    endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == 101)
                )
                .Select(endpoint => endpoint.RoutePattern.RawText!),
        ];
        paths.ShouldContain("/api/events/in");
        return paths;
    }

    private async Task<WebSocket> ConnectAsync(string path, string? protocol, string? header)
    {
        var client = _server.Sockets;
        if (protocol is not null)
        {
            client.SubProtocols.Add(protocol);
        }

        if (header is not null)
        {
            client.ConfigureRequest = request => request.Headers.Authorization = header;
        }

        return await client.ConnectAsync(new Uri(_server.Http.BaseAddress!, path), CancellationToken.None);
    }

    private static Task SendAsync(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Waiting.Patience);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
