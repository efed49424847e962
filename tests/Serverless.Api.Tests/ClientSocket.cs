using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Testing;

namespace Serverless.Api.Tests;

/// <summary>A client's end of a websocket.</summary>
internal sealed class ClientSocket : IDisposable
{
    private readonly WebSocket _socket;

    private ClientSocket(WebSocket socket) => _socket = socket;

    /// <summary>Connects, and shakes hands as Prefect's clients do.</summary>
    public static async Task<ClientSocket> ConnectAsync(TestServer server, string path)
    {
        var client = server.Sockets;
        client.SubProtocols.Add("prefect");
        ClientSocket socket = new(await client.ConnectAsync(new Uri(server.Http.BaseAddress!, path), CancellationToken.None));
        await socket.SendAsync("""{"type": "auth", "token": null}""");
        (await socket.ReceiveAsync()).Text("type").ShouldBe("auth_success");
        return socket;
    }

    public Task SendAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message.</summary>
    public async Task<JsonNode?> ReceiveAsync()
    {
        var text = await ReadAsync();
        return JsonNode.Parse(text.ShouldNotBeNull($"closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}"));
    }

    /// <summary>How the server closed the socket.</summary>
    public async Task<(int? Status, string? Reason)> ClosedAsync()
    {
        (await ReadAsync()).ShouldBeNull();
        return ((int?)_socket.CloseStatus, _socket.CloseStatusDescription);
    }

    public Task CloseAsync() =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Waiting.Patience);

    public void Dispose() => _socket.Dispose();

    private async Task<string?> ReadAsync()
    {
        using MemoryStream message = new();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Waiting.Patience);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }
}
