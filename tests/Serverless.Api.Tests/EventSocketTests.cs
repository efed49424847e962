using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Api.Tests;

public sealed class EventSocketTests : IAsyncLifetime, IDisposable
{
    private readonly CollectedLogs _logs = new();
    private readonly Guid _task = Guid.NewGuid();
    private TestServer _server = null!;
    private FlowRun _run = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(services => services.AddSingleton<ILoggerProvider>(_logs));
        _run = await _server.CreateRemoteAsync(ProposedStates.Running());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _logs.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_Events_AreRecordedInTheirOrder(bool prefect)
    {
        using var socket = await ConnectAsync(prefect);
        if (prefect)
        {
            socket.SubProtocol.ShouldBe("prefect");
            await SendAsync(socket, """{"type": "auth", "token": null}""");
            (await ReceiveAsync(socket)).ShouldBe("""{"type":"auth_success"}""");
        }

        foreach (var (type, second) in new[] { ("PENDING", 0), ("RUNNING", 1), ("COMPLETED", 2) })
        {
            await SendAsync(socket, ClientEvents.TaskRun(_run.Id, _task, type, second));
        }

        await CloseAsync(socket);
        (await _server.TaskRuns.GetStatesAsync(_task)).Select(state => state.Name).ShouldBe(["Pending", "Running", "Completed"]);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id": "x", "occurred": "y", "event": 5, "resource": []}""")]
    public async Task In_MessageThatIsNoEvent_IsPassedOverAndTheNextOneTaken(string message)
    {
        using var socket = await ConnectAsync(prefect: false);
        await SendAsync(socket, message);
        await SendAsync(socket, ClientEvents.TaskRun(_run.Id, _task, "PENDING", 0));

        await CloseAsync(socket);

        (await _server.TaskRuns.GetAsync(_task)).ShouldNotBeNull();
        _logs.Lines.ShouldHaveSingleItem().ShouldContain("A message to /events/in is passed over");
    }

    [Theory]
    [InlineData("""{"type": "filter"}""")]
    [InlineData("""{"token": "x"}""")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    public async Task In_FirstMessageIsNoAuth_IsClosed(string message)
    {
        using var socket = await ConnectAsync(prefect: true);
        await SendAsync(socket, message);

        (await ClosedAsync(socket)).ShouldBe((WebSocketCloseStatus.PolicyViolation, "Expected 'auth' message"));
    }

    [Fact]
    public async Task In_MessageTooLong_IsClosed()
    {
        using var socket = await ConnectAsync(prefect: false);
        await SendAsync(socket, new string(' ', BodyLimit.Values + 1));

        (await ClosedAsync(socket)).Status.ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task In_StoreAway_IsClosedSoThatTheClientSendsAgain()
    {
        _server.Store.BeforeCommit = _ => throw new RowStoreUnavailableException("It is away.");
        using var socket = await ConnectAsync(prefect: false);
        await SendAsync(socket, ClientEvents.TaskRun(_run.Id, _task, "PENDING", 0));

        (await ClosedAsync(socket)).ShouldBe((WebSocketCloseStatus.InternalServerError, "Service Unavailable"));
    }

    [Fact]
    public async Task In_ServerStops_IsClosed()
    {
        using var socket = await ConnectAsync(prefect: false);
        var stopped = _server.StopAsync();

        (await ClosedAsync(socket)).Status.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await CloseAsync(socket);
        await stopped.WaitAsync(Waiting.Patience);
    }

    [Fact]
    public async Task In_PlainRequest_IsToldThatThisIsAWebsocket()
    {
        var answer = await _server.GetAsync("/api/events/in", HttpStatusCode.UpgradeRequired);

        answer!["detail"]!.GetValue<string>().ShouldContain("websocket");
    }

    private async Task<WebSocket> ConnectAsync(bool prefect)
    {
        var client = _server.Sockets;
        if (prefect)
        {
            client.SubProtocols.Add("prefect");
        }

        return await client.ConnectAsync(new Uri(_server.Http.BaseAddress!, "/api/events/in"), CancellationToken.None);
    }

    private static Task SendAsync(WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Waiting.Patience);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task<(WebSocketCloseStatus? Status, string? Reason)> ClosedAsync(WebSocket socket)
    {
        await ReceiveAsync(socket);
        return (socket.CloseStatus, socket.CloseStatusDescription);
    }

    private static Task CloseAsync(WebSocket socket) =>
        socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Waiting.Patience);
}
