using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The websockets of the real host by which task workers get task runs, and clients follow logs.</summary>
public sealed class LiveSocketTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-sockets-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task TaskWorker_DiesBeforeItAcknowledges_AnotherOneGetsTheTaskRun()
    {
        const string Path = "/api/task_runs/subscriptions/scheduled";
        await using var host = await HostProcess.StartAsync(_data);
        ApiClient api = new(host.Client);
        var run = await api.PostAsync(
            "/api/task_runs/",
            new
            {
                task_key = "t",
                dynamic_key = "1",
                state = new { type = "SCHEDULED", state_details = new { deferred = true } },
            }
        );
        var id = run["id"]!.GetValue<Guid>();
        using (var first = await ConnectAsync(host, Path))
        {
            await SendAsync(first, """{"type": "subscribe", "keys": ["t"], "client_id": "one"}""");
            (await ReceiveAsync(first))!["id"]!.GetValue<Guid>().ShouldBe(id);
            first.Abort();
        }

        using var second = await ConnectAsync(host, Path);
        await SendAsync(second, """{"type": "subscribe", "keys": ["t"], "client_id": "two"}""");
        (await ReceiveAsync(second))!["id"]!.GetValue<Guid>().ShouldBe(id);
        await SendAsync(second, """{"type": "thanks"}""");

        (await ReceiveAsync(second)).ShouldBeNull();
        ((int?)second.CloseStatus).ShouldBe(4001);
        second.CloseStatusDescription.ShouldBe("Protocol violation: expected 'ack' message");
    }

    [Fact]
    public async Task Logs_LinesThatComeLater_AreSent()
    {
        await using var host = await HostProcess.StartAsync(_data);
        ApiClient api = new(host.Client);
        using var socket = await ConnectAsync(host, "/api/logs/out");
        await SendAsync(socket, """{"type": "filter", "filter": {"level": {"ge_": 0} } }""");

        // Lines of before the filter has arrived are not sent, so they are written until one comes.
        var line = ReceiveAsync(socket);
        while (!line.IsCompleted)
        {
            await api.PostAsync(
                "/api/logs/",
                new[]
                {
                    new
                    {
                        name = "n",
                        level = 20,
                        message = "m",
                        timestamp = "2026-01-01T00:00:00Z",
                    },
                }
            );
        }

        (await line)!["log"]!["message"]!.GetValue<string>().ShouldBe("m");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Waiting.Patience);
    }

    private static async Task<ClientWebSocket> ConnectAsync(HostProcess host, string path)
    {
        ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("prefect");
        await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = path }.Uri, CancellationToken.None);
        await SendAsync(socket, """{"type": "auth", "token": null}""");
        (await ReceiveAsync(socket))!["type"]!.GetValue<string>().ShouldBe("auth_success");
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next message; null when the server closes the socket.</summary>
    private static async Task<JsonNode?> ReceiveAsync(ClientWebSocket socket)
    {
        using MemoryStream message = new();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Waiting.Patience);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return JsonNode.Parse(Encoding.UTF8.GetString(message.ToArray()));
            }
        }
    }
}
