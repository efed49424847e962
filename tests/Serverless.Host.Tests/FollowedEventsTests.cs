using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Testing;
using Shouldly;
using Xunit;

namespace Serverless.Host.Tests;

/// <summary>The websocket of the real host by which Prefect's client waits for runs.</summary>
public sealed class FollowedEventsTests : IDisposable
{
    private const string Prefix = "prefect.flow-run.";

    private static readonly HashSet<string> Final = ["COMPLETED", "FAILED", "CANCELLED", "CRASHED"];

    private readonly string _data = Directory.CreateTempSubdirectory("serverless-followed-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>As <c>wait_for_flow_run</c> does it: follow, read the run, wait for a final state, read it again.</summary>
    [Fact]
    public async Task WaitForFlowRun_AsPrefectsClient_EndsWithTheRun()
    {
        await using var host = await HostProcess.StartAsync(_data);
        ApiClient api = new(host.Client);
        var deployment = await api.DeploymentAsync("hello");
        foreach (var _ in Enumerable.Range(0, 10))
        {
            var run = await api.CreateRunAsync(deployment, new { name = "Ada" });
            using var socket = await FollowAsync(host, OfRun(run));
            var shown = await api.RunAsync(run);
            if (!Final.Contains(shown["state_type"]!.GetValue<string>()))
            {
                JsonNode? told;
                do
                {
                    told = await EventAsync(socket);
                    told["resource"]!["prefect.resource.id"]!.GetValue<string>().ShouldBe($"prefect.flow-run.{run}");
                } while (!Final.Contains(told["resource"]!["prefect.state-type"]!.GetValue<string>()));

                shown = await api.RunAsync(run);
            }

            shown["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Waiting.Patience);
        }
    }

    [Fact]
    public async Task Runs_ManyAtOnce_AreToldStateByStateInOrder()
    {
        const int Runs = 40;
        await using var host = await HostProcess.StartAsync(_data);
        ApiClient api = new(host.Client);
        using var socket = await FollowAsync(host, Filter(Prefix, "prefect.task-run."));
        var deployment = await api.DeploymentAsync("hello");
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => api.CreateRunAsync(deployment, new { name = "Ada" })));

        List<JsonNode> events = [];
        var open = runs.Select(run => $"prefect.flow-run.{run}").ToHashSet();
        while (open.Count > 0)
        {
            var told = await EventAsync(socket);
            events.Add(told);
            if (told["event"]!.GetValue<string>() == "prefect.flow-run.Completed")
            {
                open.Remove(IdOf(told)).ShouldBeTrue();
            }
        }

        foreach (var run in runs)
        {
            var told = events.Where(each => IdOf(each) == $"prefect.flow-run.{run}").ToList();
            told.Select(each => each["event"]!.GetValue<string>()[Prefix.Length..])
                .ShouldBe(["Scheduled", "Pending", "Running", "Completed"]);
            ShouldBe(told, await api.GetAsync($"/api/flow_run_states/?flow_run_id={run}"));
            var tasks = await api.PostAsync("/api/task_runs/filter", new { flow_runs = new { id = new { any_ = new[] { run } } } });
            tasks.AsArray().ShouldNotBeEmpty();
            foreach (var task in tasks.AsArray())
            {
                var id = task!["id"]!.GetValue<Guid>();
                ShouldBe(
                    [.. events.Where(each => IdOf(each) == $"prefect.task-run.{id}")],
                    await api.GetAsync($"/api/task_run_states/?task_run_id={id}")
                );
            }
        }
    }

    private static void ShouldBe(List<JsonNode> events, JsonNode states)
    {
        var ids = states.AsArray().Select(state => state!["id"]!.GetValue<string>()).ToList();
        events.Select(told => told["id"]!.GetValue<string>()).ShouldBe(ids);
        events.Select(told => told["follows"]?.GetValue<string>()).ShouldBe([null, .. ids.SkipLast(1)]);
    }

    private static string IdOf(JsonNode told) => told["resource"]!["prefect.resource.id"]!.GetValue<string>();

    private static JsonObject OfRun(Guid run)
    {
        var filter = Filter("prefect.flow-run");
        filter["resource"] = new JsonObject
        {
            ["id"] = new JsonArray($"prefect.flow-run.{run}"),
            ["labels"] = null,
            ["distinct"] = false,
        };
        return filter;
    }

    private static JsonObject Filter(params string[] prefixes) =>
        new()
        {
            ["occurred"] = new JsonObject
            {
                ["since"] = DateTimeOffset.UtcNow.AddMinutes(-1),
                ["until"] = DateTimeOffset.UtcNow.AddDays(365),
            },
            ["event"] = new JsonObject
            {
                ["prefix"] = new JsonArray([.. prefixes.Select(prefix => JsonValue.Create(prefix))]),
                ["name"] = null,
            },
            ["id"] = new JsonObject { ["id"] = new JsonArray() },
            ["order"] = "DESC",
        };

    private static async Task<ClientWebSocket> FollowAsync(HostProcess host, JsonObject filter)
    {
        ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("prefect");
        await socket.ConnectAsync(new UriBuilder(host.Address) { Scheme = "ws", Path = "/api/events/out" }.Uri, CancellationToken.None);
        await SendAsync(socket, """{"type": "auth", "token": null}""");
        (await ReceiveAsync(socket))["type"]!.GetValue<string>().ShouldBe("auth_success");
        await SendAsync(socket, new JsonObject { ["type"] = "filter", ["filter"] = filter }.ToJsonString());
        return socket;
    }

    private static async Task<JsonNode> EventAsync(ClientWebSocket socket)
    {
        var message = await ReceiveAsync(socket);
        message["type"]!.GetValue<string>().ShouldBe("event");
        return message["event"]!;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket socket)
    {
        using MemoryStream message = new();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Waiting.Patience);
            received.MessageType.ShouldBe(WebSocketMessageType.Text, $"{socket.CloseStatus} {socket.CloseStatusDescription}");
            message.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
