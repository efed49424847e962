using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Logs;
using Serverless.Testing;

namespace Serverless.Api.Tests;

/// <summary>The websocket by which clients follow logs.</summary>
public sealed class LogSocketTests : IAsyncLifetime
{
    private const string Path = "/api/logs/out";

    private TestServer server = null!;
    private FlowRun run = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        run = await server.CreateRemoteAsync(ProposedStates.Running());
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Follow_LinesOfAClient_GetsThoseThatMatch()
    {
        await PostAsync(run.Id, 40, "before");
        using var socket = await FollowAsync($$"""{"level": {"ge_": 30}, "flow_run_id": {"any_": ["{{run.Id}}"]} }""");

        await PostAsync(run.Id, 20, "too low");
        await PostAsync(null, 40, "of no run");
        await PostAsync(run.Id, 40, "seen");

        var message = await socket.ReceiveAsync();
        message!.AsObject().Select(member => member.Key).ShouldBe(["type", "log"]);
        message.Text("type").ShouldBe("log");
        message["log"].Text("message").ShouldBe("seen");
        var stored = (await server.PostAsync("/api/logs/filter", """{"logs": {"level": {"ge_": 30} }, "sort": "TIMESTAMP_DESC"}"""))!;
        message["log"]!.ToJsonString().ShouldBe(stored.AsArray().Single(line => line.Text("message") == "seen")!.ToJsonString());
    }

    [Fact]
    public async Task Follow_LinesOfAFlowOfThisApp_GetsThem()
    {
        var own = await server.CreateRegisteredAsync();
        using var socket = await FollowAsync("{}");

        server.Get<RunLogs>().Write(new LogEntry(own.Id, null, server.Time.GetUtcNow(), 20, "prefect.flow_runs", "hello"));
        await server.Get<RunLogs>().FlushAsync(own.Id);

        (await socket.ReceiveAsync())!["log"].Text("message").ShouldBe("hello");
    }

    [Fact]
    public async Task Follow_ManyLines_GetsThemInTheirOrder()
    {
        using var socket = await FollowAsync("""{"level": {"ge_": 0} }""");
        for (var i = 0; i < 20; i++)
        {
            await PostAsync(run.Id, 20, $"{i}");

            // It may say what it likes meanwhile.
            await socket.SendAsync("{}");
        }

        for (var i = 0; i < 20; i++)
        {
            (await socket.ReceiveAsync())!["log"].Text("message").ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task Close_NobodyFollowsAnyMore()
    {
        using var socket = await FollowAsync("{}");

        await socket.CloseAsync();

        await UntilAsync(() => server.Get<LiveLogs>().Count == 0);
    }

    [Theory]
    [InlineData("""{"type": "what?", "filter": {} }""", "Expected 'filter' message")]
    [InlineData("[]", "Expected 'filter' message")]
    [InlineData("""{"type": "filter"}""", "Invalid filter: Field required")]
    [InlineData("""{"type": "filter", "filter": null}""", "Invalid filter: Field required")]
    [InlineData("""{"type": "filter", "filter": {"other": 1} }""", "Invalid filter: other: Extra inputs are not permitted")]
    public async Task Follow_WrongMessage_IsClosed(string message, string reason)
    {
        using var socket = await ClientSocket.ConnectAsync(server, Path);

        await socket.SendAsync(message);

        (await socket.ClosedAsync()).ShouldBe((1002, reason));
    }

    private async Task<ClientSocket> FollowAsync(string filter)
    {
        var socket = await ClientSocket.ConnectAsync(server, Path);
        await socket.SendAsync($$"""{"type": "filter", "filter": {{filter}} }""");
        await UntilAsync(() => server.Get<LiveLogs>().Count == 1);
        return socket;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(Waiting.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private Task<JsonNode?> PostAsync(Guid? flowRunId, int level, string message) =>
        server.PostAsync(
            "/api/logs/",
            $$"""
            [{"name": "n", "level": {{level}}, "message": "{{message}}", "timestamp": "2026-01-01T00:00:00Z",
              "flow_run_id": {{(flowRunId is { } id ? $"\"{id}\"" : "null")}} }]
            """,
            HttpStatusCode.Created
        );
}
