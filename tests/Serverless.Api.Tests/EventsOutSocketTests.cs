using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Events;
using Serverless.Storage;
using Serverless.Testing;

namespace Serverless.Api.Tests;

/// <summary>The websocket by which clients follow events.</summary>
public sealed class EventsOutSocketTests : IAsyncLifetime
{
    private const string Path = "/api/events/out";

    private TestServer server = null!;
    private FlowRun run = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        run = await server.CreateRemoteAsync(ProposedStates.Pending());
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Follow_StatesOfAFlowRun_GetsOneEventForEach()
    {
        using var socket = await FollowAsync(OfRun(run.Id));
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());
        var running = (await server.Runs.GetAsync(run.Id))!;
        server.Time.Advance(TimeSpan.FromSeconds(1.5));
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed("done"));
        var completed = (await server.Runs.GetAsync(run.Id))!;

        var first = (await socket.ReceiveAsync())!;
        var second = (await socket.ReceiveAsync())!;

        first.AsObject().Select(member => member.Key).ShouldBe(["type", "event"]);
        first.Text("type").ShouldBe("event");
        first["event"].Text("event").ShouldBe("prefect.flow-run.Running");
        first["event"].Text("id").ShouldBe($"{running.StateId}");
        first["event"].Text("follows").ShouldBe($"{run.StateId}");
        var expected = JsonNode.Parse(
            $$"""
            {
              "id": "{{completed.StateId}}", "occurred": "2026-01-01T00:00:02.500000Z", "received": "2026-01-01T00:00:02.500000Z",
              "event": "prefect.flow-run.Completed",
              "resource": {
                "prefect.resource.id": "prefect.flow-run.{{run.Id}}", "prefect.resource.name": "{{run.Name}}", "prefect.run-count": "1",
                "prefect.state-message": "done", "prefect.state-name": "Completed",
                "prefect.state-timestamp": "2026-01-01T00:00:02.500000+00:00", "prefect.state-type": "COMPLETED"
              },
              "related": [
                {"prefect.resource.id": "prefect.flow.{{run.FlowId}}", "prefect.resource.role": "flow", "prefect.resource.name": "remote"}
              ],
              "payload": {
                "intended": {"from": "RUNNING", "to": "COMPLETED"},
                "initial_state": {"type": "RUNNING", "name": "Running"},
                "validated_state": {"type": "COMPLETED", "name": "Completed", "message": "done"}
              },
              "follows": "{{running.StateId}}"
            }
            """
        );
        JsonNode.DeepEquals(second["event"], expected).ShouldBeTrue(second.ToJsonString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_EventsOfClients_GetsAllOfThem(bool bySocket)
    {
        using var socket = await FollowAsync("{}");
        var task = Guid.NewGuid();
        string[] sent =
        [
            """
                {"id": "11111111-1111-1111-1111-111111111111", "occurred": "2026-01-01T00:00:00Z", "event": "my.own",
                 "resource": {"prefect.resource.id": "mine", "x": "é"}, "payload": {"deep": [1, {"a": null}]} }
                """,
            ClientEvents.TaskRun(run.Id, task, "RUNNING", 1),
            // Of a flow run that is not there: it is not recorded, but passed on.
            ClientEvents.TaskRun(Guid.NewGuid(), Guid.NewGuid(), "RUNNING", 1),
            ClientEvents.Heartbeat(run.Id, server.Time.GetUtcNow()),
        ];
        if (bySocket)
        {
            using var sending = await ClientSocket.ConnectAsync(server, "/api/events/in");
            foreach (var message in sent)
            {
                await sending.SendAsync(message);
            }

            await sending.CloseAsync();
        }
        else
        {
            await server.PostAsync("/api/events", $"[{string.Join(',', sent)}]", HttpStatusCode.NoContent);
        }

        foreach (var message in sent)
        {
            var received = (await socket.ReceiveAsync())!["event"]!.AsObject();
            received.Remove("received").ShouldBeTrue();
            var expected = JsonNode.Parse(message)!.AsObject();
            expected.TryAdd("related", new JsonArray());
            expected.TryAdd("follows", null);
            received["occurred"] = null;
            expected["occurred"] = null;
            JsonNode.DeepEquals(received, expected).ShouldBeTrue(received.ToJsonString());
        }
    }

    [Fact]
    public async Task Follow_HappenedAfterTheHandshakeAndBeforeTheFilter_GetsIt()
    {
        using var socket = await ClientSocket.ConnectAsync(server, Path);
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());

        await socket.SendAsync(Filter(OfRun(run.Id)));

        (await socket.ReceiveAsync())!["event"].Text("event").ShouldBe("prefect.flow-run.Running");
    }

    [Fact]
    public async Task Follow_ConnectsAgain_GetsWhatHappenedMeanwhile()
    {
        using (var first = await FollowAsync(OfRun(run.Id)))
        {
            await first.CloseAsync();
            await UntilAsync(() => server.Get<LiveEvents>().Followers == 0);
        }

        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());
        using var second = await FollowAsync(OfRun(run.Id));
        (await second.ReceiveAsync())!["event"].Text("event").ShouldBe("prefect.flow-run.Running");

        using var third = await ClientSocket.ConnectAsync(server, Path);
        await third.SendAsync($$"""{"type": "filter", "backfill": false, "filter": {} }""");
        await UntilAsync(() => server.Get<LiveEvents>().Followers == 2);
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Completed());
        (await third.ReceiveAsync())!["event"].Text("event").ShouldBe("prefect.flow-run.Completed");
    }

    [Fact]
    public async Task Follow_NotDurableYet_WaitsForTheDisk()
    {
        using var socket = await FollowAsync(OfRun(run.Id));
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Store.BeforeDurable = () =>
        {
            asked.TrySetResult();
            return disk.Task;
        };
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());

        var message = socket.ReceiveAsync();
        await asked.Task.WaitAsync(Waiting.Patience);
        message.IsCompleted.ShouldBeFalse();
        disk.SetResult();

        (await message)!["event"].Text("event").ShouldBe("prefect.flow-run.Running");
    }

    [Fact]
    public async Task Follow_DiskFails_IsClosedAndSeesNothing()
    {
        using var socket = await FollowAsync(OfRun(run.Id));
        server.Store.BeforeDurable = () => throw new RowStoreUnavailableException("The disk failed.");
        await server.Gate.SetFlowRunStateAsync(run.Id, ProposedStates.Running());

        (await socket.ClosedAsync()).ShouldBe((1011, "Service Unavailable"));
    }

    [Fact]
    public async Task Close_NobodyFollowsAnyMore()
    {
        using var socket = await FollowAsync("{}");

        await socket.CloseAsync();

        await UntilAsync(() => server.Get<LiveEvents>().Followers == 0);
        server.Get<LiveEvents>().IsWatched.ShouldBeTrue();
        server.Time.Advance(LiveEvents.Patience);
        server.Get<LiveEvents>().IsWatched.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"type": "what?", "filter": {} }""", "Expected 'filter' message")]
    [InlineData("[]", "Expected 'filter' message")]
    [InlineData("nonsense", "Expected 'filter' message")]
    [InlineData("""{"type": "filter"}""", "Invalid filter: Field required")]
    [InlineData("""{"type": "filter", "filter": null}""", "Invalid filter: Field required")]
    [InlineData(
        """{"type": "filter", "filter": []}""",
        "Invalid filter: : Input should be a valid dictionary or object to extract fields from"
    )]
    [InlineData("""{"type": "filter", "filter": {"other": 1} }""", "Invalid filter: other: Extra inputs are not permitted")]
    [InlineData(
        """{"type": "filter", "filter": {"any_resource": [{}, {"other": 1}]} }""",
        "Invalid filter: any_resource.1.other: Extra inputs are not permitted"
    )]
    [InlineData(
        """{"type": "filter", "filter": {"related": {"other": 1} } }""",
        "Invalid filter: related.other: Extra inputs are not permitted"
    )]
    [InlineData("""{"type": "filter", "filter": {"related": {"id": 1} } }""", "Invalid filter: related.id: Input should be a valid list")]
    [InlineData(
        """{"type": "filter", "filter": {"related": 1} }""",
        "Invalid filter: related: Input should be a valid dictionary or object to extract fields from"
    )]
    [InlineData(
        """{"type": "filter", "filter": {"related": [null]} }""",
        "Invalid filter: related.0: Input should be a valid EventRelatedFilter"
    )]
    [InlineData(
        """{"type": "filter", "filter": {"resource": {"labels": {"a": {} } } } }""",
        "Invalid filter: resource.labels: Input should have a pattern or a list of patterns for each label"
    )]
    [InlineData(
        """{"type": "filter", "filter": {"occurred": {"since": "x"} } }""",
        "Invalid filter: occurred.since: Input should be a valid datetime or date"
    )]
    [InlineData("""{"type": "filter", "filter": {"order": "UP"} }""", "Invalid filter: order: Input should be 'DESC' or 'ASC'")]
    [InlineData(
        """{"type": "filter", "filter": {"related": {"resources_in_roles": [["a"]]} } }""",
        "Invalid filter: Each of resources_in_roles is a resource's id and a role."
    )]
    public async Task Follow_WrongMessage_IsClosed(string message, string reason)
    {
        using var socket = await ClientSocket.ConnectAsync(server, Path);

        await socket.SendAsync(message);

        (await socket.ClosedAsync()).ShouldBe((1002, reason));
    }

    [Fact]
    public async Task Follow_TooManyCriteria_IsClosed()
    {
        using var socket = await ClientSocket.ConnectAsync(server, Path);

        await socket.SendAsync(Filter($$"""{"event": {"name": [{{string.Join(',', Enumerable.Repeat("\"x\"", 1_001))}}]} }"""));

        (await socket.ClosedAsync()).ShouldBe((1002, "Invalid filter: A filter has at most 1000 filters, names and values."));
    }

    /// <summary>Filters that are nearly valid: each is taken, or the socket is closed with the reason; and events still come.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Follow_AnyFilter_IsTakenOrClosedWithTheReason(int seed)
    {
        const string Valid = """
            {"type": "filter", "backfill": true, "filter": {
              "occurred": {"since": "2025-12-31T23:59:00Z", "until": "2027-01-01T00:00:00Z"},
              "event": {"prefix": ["prefect."], "exclude_prefix": ["x"], "name": ["prefect.flow-run.Running"], "exclude_name": null},
              "resource": {"id": ["$run"], "id_prefix": ["a"], "labels": {"prefect.resource.id": ["prefect.*", "![a-c]?"], "b": "c"}, "distinct": false},
              "related": [{"id": ["a"], "role": ["flow"], "resources_in_roles": [["a", "flow"]], "labels": {"a": "*a*b*"} }],
              "any_resource": {"id": ["a"], "id_prefix": ["b"], "labels": {"c": []} },
              "id": {"id": ["11111111-1111-1111-1111-111111111111"]}, "text": {"query": "a -b +c"}, "order": "ASC"
            } }
            """;
        Fuzz.BodyMutator mutator = new(new Random(seed), () => $"{run.Id}");
        using var watching = await FollowAsync("""{"event": {"prefix": ["mark"]} }""");
        for (var step = 0; step < 150; step++)
        {
            using var socket = await ClientSocket.ConnectAsync(server, Path);
            var followers = server.Get<LiveEvents>().Followers;
            await socket.SendAsync(System.Text.Encoding.UTF8.GetString(mutator.Mutate(Valid)));
            var closed = socket.ClosedAsync();
            await UntilAsync(() => closed.IsCompleted || server.Get<LiveEvents>().Followers > followers);
            if (closed.IsCompletedSuccessfully)
            {
                (await closed).Status.ShouldBe(1002);
                (await closed).Reason.ShouldNotBeNullOrEmpty();
            }
            else
            {
                await server.PostAsync(
                    "/api/events",
                    $$"""
                    [{"id": "{{Guid.NewGuid()}}", "occurred": "{{server.Time.GetUtcNow():O}}", "event": "mark",
                      "resource": {"prefect.resource.id": "prefect.flow-run.{{run.Id}}"} }]
                    """,
                    HttpStatusCode.NoContent
                );
                (await watching.ReceiveAsync())!["event"].Text("event").ShouldBe("mark");

                // It has got the event, one of before, or nothing.
                socket.Dispose();
                await ((Task)closed).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
                );
                await UntilAsync(() => server.Get<LiveEvents>().Followers == followers);
            }
        }
    }

    [Fact]
    public async Task Follow_PlainRequest_IsToldThatThisIsAWebsocket()
    {
        await server.GetAsync(Path, HttpStatusCode.UpgradeRequired);

        server.Get<LiveEvents>().IsWatched.ShouldBeFalse();
    }

    /// <summary>The filter that Prefect's <c>wait_for_flow_run</c> sends, with its nulls.</summary>
    private string OfRun(Guid id) =>
        $$"""
            {
              "occurred": {"since": "{{server.Time.GetUtcNow().AddMinutes(-1):O}}", "until": "{{server.Time.GetUtcNow().AddDays(365):O}}"},
              "event": {"prefix": ["prefect.flow-run"], "exclude_prefix": null, "name": null, "exclude_name": null},
              "resource": {"id": ["prefect.flow-run.{{id}}"], "id_prefix": null, "labels": null, "distinct": false},
              "related": null, "any_resource": null, "id": {"id": []}, "text": null, "order": "DESC"
            }
            """;

    private static string Filter(string filter) => $$"""{"type": "filter", "filter": {{filter}} }""";

    private async Task<ClientSocket> FollowAsync(string filter)
    {
        var socket = await ClientSocket.ConnectAsync(server, Path);
        var followers = server.Get<LiveEvents>().Followers;
        await socket.SendAsync(Filter(filter));
        await UntilAsync(() => server.Get<LiveEvents>().Followers == followers + 1);
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
}
