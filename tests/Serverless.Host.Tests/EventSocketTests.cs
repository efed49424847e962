using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The websocket of the real host, by which Prefect's client reports what its tasks do.</summary>
public sealed class EventSocketTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("serverless-events-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Events_HostKilledInTheMiddle_AreRecordedOnceAfterTheClientSendsThemAgain()
    {
        const int Tasks = 60;
        var port = HostProcess.FreePort();
        var task = Enumerable.Range(0, Tasks).Select(_ => Guid.NewGuid()).ToArray();
        Guid run;
        string[] events;
        await using (var host = await HostProcess.StartAsync(_data, port))
        {
            ApiClient api = new(host.Client);
            var flow = (await api.PostAsync("/api/flows/", new { name = "remote" }))["id"]!.GetValue<Guid>();
            run = (await api.PostAsync("/api/flow_runs/", new { flow_id = flow, state = new { type = "RUNNING" } }))[
                "id"
            ]!.GetValue<Guid>();
            events =
            [
                .. new[] { "PENDING", "RUNNING", "COMPLETED" }.SelectMany(
                    (type, step) => task.Select((id, i) => Of(run, id, type, step, i))
                ),
            ];
            using var socket = await ConnectAsync(host);
            foreach (var reported in events.Take(events.Length / 2))
            {
                await SendAsync(socket, reported);
            }

            await host.KillAsync();
        }

        await using (var host = await HostProcess.StartAsync(_data, port))
        {
            ApiClient api = new(host.Client);
            using var socket = await ConnectAsync(host);
            foreach (var reported in events)
            {
                await SendAsync(socket, reported);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            foreach (var id in task)
            {
                var states = (await api.GetAsync($"/api/task_run_states/?task_run_id={id}")).AsArray();
                states.Select(state => state!["type"]!.GetValue<string>()).ShouldBe(["PENDING", "RUNNING", "COMPLETED"]);
            }

            var listed = await api.PostAsync("/api/task_runs/count", new { flow_runs = new { id = new { any_ = new[] { run } } } });
            listed.GetValue<int>().ShouldBe(Tasks);
        }
    }

    [Fact]
    public async Task Connect_FromAPageOfAnotherOrigin_IsRefused()
    {
        await using var host = await HostProcess.StartAsync(_data);
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");

        var refused = await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(Address(host), CancellationToken.None));

        refused.Message.ShouldContain("403");
    }

    private static async Task<ClientWebSocket> ConnectAsync(HostProcess host)
    {
        ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("prefect");
        await socket.ConnectAsync(Address(host), CancellationToken.None);
        await SendAsync(socket, """{"type": "auth", "token": null}""");
        var buffer = new byte[256];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        Encoding.UTF8.GetString(buffer, 0, received.Count).ShouldContain("auth_success");
        return socket;
    }

    private static Uri Address(HostProcess host) => new UriBuilder(host.Address) { Scheme = "ws", Path = "/api/events/in" }.Uri;

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    private static string Of(Guid run, Guid task, string type, int step, int number) =>
        new JsonObject
        {
            ["id"] = new Guid(step, 0, 0, task.ToByteArray()[..8]),
            ["occurred"] = $"2026-01-01T00:00:0{step.ToString(CultureInfo.InvariantCulture)}Z",
            ["event"] = $"prefect.task-run.{type}",
            ["resource"] = new JsonObject { ["prefect.resource.id"] = $"prefect.task-run.{task}", ["prefect.orchestration"] = "client" },
            ["related"] = new JsonArray(
                new JsonObject { ["prefect.resource.id"] = $"prefect.flow-run.{run}", ["prefect.resource.role"] = "flow-run" }
            ),
            ["payload"] = new JsonObject
            {
                ["validated_state"] = new JsonObject { ["type"] = type },
                ["task_run"] = new JsonObject
                {
                    ["name"] = $"task-{number}",
                    ["task_key"] = "task",
                    ["dynamic_key"] = number.ToString(CultureInfo.InvariantCulture),
                },
            },
        }.ToJsonString();
}
