using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Api.Tests;

/// <summary>The websocket by which task workers get background task runs, and the list of them.</summary>
public sealed class TaskRunSocketTests : IAsyncLifetime
{
    private const string Ack = """{"type": "ack"}""";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Subscribe_TaskRunsWait_GetsThemInTheirOrder()
    {
        var first = await DelayAsync("a");
        var other = await DelayAsync("other");
        var second = await DelayAsync("a");
        using var socket = await SubscribeAsync("worker", "a");

        var run = await socket.ReceiveAsync();
        run.Text("id").ShouldBe($"{first}");
        run!["state"].Text("type").ShouldBe("SCHEDULED");
        run.ToJsonString().ShouldBe((await server.GetAsync($"/api/task_runs/{first}"))!.ToJsonString());
        await socket.SendAsync(Ack);
        (await socket.ReceiveAsync()).Text("id").ShouldBe($"{second}");
        await socket.SendAsync(Ack);

        using var both = await SubscribeAsync("worker 2", "a", "other");
        (await both.ReceiveAsync()).Text("id").ShouldBe($"{other}");
    }

    [Fact]
    public async Task Subscribe_NothingWaits_GetsWhatComesLater()
    {
        using var socket = await SubscribeAsync("worker", "a");
        var next = socket.ReceiveAsync();

        var run = await DelayAsync("a");

        (await next).Text("id").ShouldBe($"{run}");
    }

    [Fact]
    public async Task Subscribe_ManyWorkers_EachTaskRunGoesToOneOfThem()
    {
        HashSet<Guid> runs = [];
        for (var i = 0; i < 12; i++)
        {
            runs.Add(await DelayAsync("a"));
        }

        List<Guid> received = [];
        using var one = await SubscribeAsync("one", "a");
        using var two = await SubscribeAsync("two", "a");
        for (var i = 0; i < 6; i++)
        {
            foreach (var socket in new[] { one, two })
            {
                received.Add(Guid.Parse((await socket.ReceiveAsync()).Text("id")));
                if (i < 5)
                {
                    await socket.SendAsync(Ack);
                }
            }
        }

        received.Count.ShouldBe(12);
        received.ToHashSet().SetEquals(runs).ShouldBeTrue();
    }

    [Fact]
    public async Task Disconnect_WithoutAck_AnotherWorkerGetsIt()
    {
        var run = await DelayAsync("a");
        using (var first = await SubscribeAsync("one", "a"))
        {
            (await first.ReceiveAsync()).Text("id").ShouldBe($"{run}");
            await first.CloseAsync();
        }

        using var second = await SubscribeAsync("two", "a");
        (await second.ReceiveAsync()).Text("id").ShouldBe($"{run}");
    }

    [Theory]
    [InlineData("ack")]
    [InlineData("quit")]
    public async Task Disconnect_AfterAckWithoutBeginning_AnotherWorkerGetsItLater(string last)
    {
        var run = await DelayAsync("a");
        using (var first = await SubscribeAsync("one", "a"))
        {
            await first.ReceiveAsync();
            await first.SendAsync($$"""{"type": "{{last}}"}""");
            await first.CloseAsync();
        }

        using var second = await SubscribeAsync("two", "a");
        var next = second.ReceiveAsync();
        var newer = await DelayAsync("a");
        (await next).Text("id").ShouldBe($"{newer}");
        await second.SendAsync(Ack);

        next = second.ReceiveAsync();
        while (!next.IsCompleted)
        {
            server.Time.Advance(TaskWorkers.Grace);
            await Task.Yield();
        }

        (await next).Text("id").ShouldBe($"{run}");
    }

    [Fact]
    public async Task Disconnect_AfterTheTaskRunHasBegun_NobodyGetsItAgain()
    {
        var run = await DelayAsync("a");
        using (var first = await SubscribeAsync("one", "a"))
        {
            await first.ReceiveAsync();
            await first.SendAsync(Ack);
            await server.PostAsync(
                $"/api/task_runs/{run}/set_state",
                """{"state": {"type": "PENDING", "state_details": {"deferred": true} } }""",
                HttpStatusCode.Created
            );
            await first.CloseAsync();
        }

        server.Time.Advance(TaskWorkers.Grace);
        using var second = await SubscribeAsync("two", "a");
        var newer = await DelayAsync("a");
        (await second.ReceiveAsync()).Text("id").ShouldBe($"{newer}");
    }

    [Theory]
    [InlineData("""{"type": "filter"}""", "expected 'subscribe' message")]
    [InlineData("nonsense", "expected 'subscribe' message")]
    [InlineData("""{"type": "\ud800"}""", "expected 'subscribe' message")]
    [InlineData("""{"type": "subscribe", "keys": ["\ud800"], "client_id": "x"}""", "expected 'keys' in subscribe message")]
    [InlineData("""{"type": "subscribe", "client_id": "x"}""", "expected 'keys' in subscribe message")]
    [InlineData("""{"type": "subscribe", "keys": [], "client_id": "x"}""", "expected 'keys' in subscribe message")]
    [InlineData("""{"type": "subscribe", "keys": [1], "client_id": "x"}""", "expected 'keys' in subscribe message")]
    [InlineData("""{"type": "subscribe", "keys": ["a"]}""", "expected 'client_id' in subscribe message")]
    [InlineData("""{"type": "subscribe", "keys": ["a"], "client_id": ""}""", "expected 'client_id' in subscribe message")]
    public async Task Subscribe_WrongMessage_IsClosed(string message, string reason)
    {
        using var socket = await ClientSocket.ConnectAsync(server, "/api/task_runs/subscriptions/scheduled");

        await socket.SendAsync(message);

        (await socket.ClosedAsync()).ShouldBe((4001, $"Protocol violation: {reason}"));
    }

    [Fact]
    public async Task Ack_IsSomethingElse_IsClosedAndTheTaskRunGivenAgain()
    {
        var run = await DelayAsync("a");
        using var first = await SubscribeAsync("one", "a");
        await first.ReceiveAsync();

        await first.SendAsync("""{"type": "thanks"}""");

        (await first.ClosedAsync()).ShouldBe((4001, "Protocol violation: expected 'ack' message"));
        using var second = await SubscribeAsync("two", "a");
        (await second.ReceiveAsync()).Text("id").ShouldBe($"{run}");
    }

    [Fact]
    public async Task Subscribe_StoreAway_IsClosed()
    {
        server.Store.BeforeQuery = range =>
        {
            if (range.Table == "taskqueue")
            {
                throw new RowStoreUnavailableException("It is away.");
            }
        };
        using var socket = await SubscribeAsync("one", "a");

        (await socket.ClosedAsync()).ShouldBe((1011, "Service Unavailable"));
    }

    [Fact]
    public async Task Workers_ConnectedOnes_AreListedByTheirTasks()
    {
        using var one = await SubscribeAsync("one", "a", "b");
        using var again = await SubscribeAsync("one", "c");
        using var two = await SubscribeAsync("two", "d");

        (await WorkersAsync(null)).ShouldBe(["one: a b c", "two: d"]);
        (await WorkersAsync("""{"task_worker_filter": null}""")).Count().ShouldBe(2);
        (await WorkersAsync("""{"task_worker_filter": {"task_keys": []} }""")).Count().ShouldBe(2);
        (await WorkersAsync("""{"task_worker_filter": {"task_keys": ["b", "x"]} }""")).ShouldBe(["one: a b c"]);
        (await WorkersAsync("""{"task_worker_filter": {"task_keys": ["x"]}, "other": 1}""")).ShouldBeEmpty();
        await server.PostAsync("/api/task_workers/filter", """{"task_worker_filter": {} }""", HttpStatusCode.UnprocessableEntity);

        await one.CloseAsync();
        await again.CloseAsync();
        await UntilAsync(() => server.Get<TaskWorkers>().Count == 1);
        (await WorkersAsync(null)).ShouldBe(["two: d"]);
    }

    private async Task<IEnumerable<string>> WorkersAsync(string? body)
    {
        var workers = (await server.PostAsync("/api/task_workers/filter", body))!.AsArray();
        workers.ShouldAllBe(worker => worker!["timestamp"]!.GetValue<DateTimeOffset>() == server.Time.GetUtcNow());
        return workers.Select(worker => $"{worker.Text("identifier")}: {string.Join(' ', Tasks(worker!).Order())}");

        static IEnumerable<string> Tasks(JsonNode worker) => worker["task_keys"]!.AsArray().Select(key => key!.GetValue<string>());
    }

    private async Task<ClientSocket> SubscribeAsync(string clientId, params string[] tasks)
    {
        var workers = server.Get<TaskWorkers>();
        var socket = await ClientSocket.ConnectAsync(server, "/api/task_runs/subscriptions/scheduled");
        JsonObject message = new()
        {
            ["type"] = "subscribe",
            ["keys"] = new JsonArray([.. tasks.Select(task => JsonValue.Create(task))]),
            ["client_id"] = clientId,
        };
        await socket.SendAsync(message.ToJsonString());
        await UntilAsync(() =>
            server.Store.BeforeQuery is not null
            || workers.List(tasks).Any(worker => worker.Identifier == clientId && tasks.All(worker.TaskKeys.Contains))
        );
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

    /// <summary>A background task run that waits for a worker.</summary>
    private async Task<Guid> DelayAsync(string task)
    {
        server.Time.Advance(TimeSpan.FromMilliseconds(1));
        return (
            await server.Gate.CreateTaskRunAsync(
                new TaskRunCreate
                {
                    TaskKey = task,
                    DynamicKey = Guid.NewGuid().ToString(),
                    State = ProposedStates.Scheduled() with { StateDetails = new StateDetails { Deferred = true } },
                }
            )
        ).Run.Id;
    }
}
