using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server;
using Serverless.Server.Artifacts;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

public sealed class FlowRunGraphsApiTests : IAsyncLifetime
{
    private TestServer server = null!;
    private FlowRun run = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        run = await server.CreateRemoteAsync(ProposedStates.Running());
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Graph_TaskRuns_NameWhatTheyDependOn()
    {
        var first = await TaskAsync("first");
        var second = await TaskAsync(
            "second",
            $$"""{"x": [{{Ref(first)}}, {{Ref(first)}}], "y": [{"input_type": "parameter", "name": "p"}]}"""
        );

        var graph = (await server.GetAsync($"/api/flow_runs/{run.Id}/graph"))!.AsArray();

        graph.Select(task => task.Text("id")).ShouldBe([$"{second}", $"{first}"]);
        graph[0]!["upstream_dependencies"]!.ToJsonString().ShouldBe($$"""[{"input_type":"task_run","id":"{{first}}"}]""");
        graph[0]!
            .AsObject()
            .Select(member => member.Key)
            .ShouldBe([
                "id",
                "name",
                "upstream_dependencies",
                "state",
                "expected_start_time",
                "start_time",
                "end_time",
                "total_run_time",
                "estimated_run_time",
                "untrackable_result",
            ]);
    }

    [Fact]
    public async Task GraphV2_HasNodesInTheirOrder_WithTheEdgesBetweenThem()
    {
        var first = await TaskAsync("first");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await TaskAsync(
            "second",
            $$"""{"x": [{{Ref(first)}}], "y": [{{Ref(first)}}, {"input_type": "constant", "type": "int"}]}"""
        );
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var third = await TaskAsync("third", $$"""{"x": [{{Ref(second)}}, {{Ref(first)}}], "__parents__": [{{Ref(second)}}]}""");

        var graph = await GraphAsync();

        graph["root_node_ids"]!.ToJsonString().ShouldBe($"""["{first}"]""");
        graph["nodes"]!.AsArray().Select(entry => entry![0]!.GetValue<Guid>()).ShouldBe([first, second, third]);
        var node = graph["nodes"]![1]![1]!;
        (node.Text("kind"), node.Text("id"), node.Text("label"), node.Text("state_type")).ShouldBe(
            ("task-run", $"{second}", "second", "RUNNING")
        );
        node["end_time"].ShouldBeNull();
        Ids(node["parents"]).ShouldBe([first]);
        Ids(node["children"]).ShouldBe([third]);
        Ids(graph["nodes"]![0]![1]!["children"]).ShouldBe([second, third]);
        Ids(graph["nodes"]![2]![1]!["encapsulating"]).ShouldBe([second]);
        graph["states"]!.AsArray().Select(state => state.Text("name")).ShouldBe(["Running"]);
        graph["states"]![0]!.AsObject().Select(member => member.Key).ShouldBe(["id", "timestamp", "type", "name"]);
        graph.Text("start_time").ShouldNotBeNull();
        graph["end_time"].ShouldBeNull();
    }

    [Fact]
    public async Task GraphV2_ShowsASubflowRunInThePlaceOfItsTaskRun()
    {
        var standIn = await TaskAsync("stand-in");
        var subflow = await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{server.Remote.Id}}", "name": "sub", "parent_task_run_id": "{{standIn}}", "state": {"type": "RUNNING"} }""",
            HttpStatusCode.Created
        );
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await TaskAsync("after", $$"""{"x": [{{Ref(standIn)}}]}""");

        var graph = await GraphAsync();

        var node = graph["nodes"]![0]![1]!;
        (node.Text("kind"), node.Text("id"), node.Text("label")).ShouldBe(("flow-run", subflow.Text("id"), "remote / sub"));
        Ids(node["children"]).ShouldBe([after]);
    }

    [Fact]
    public async Task GraphV2_Since_LeavesOutWhatEndedBefore()
    {
        var first = await TaskAsync("first", null, "COMPLETED");
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var since = server.Time.GetUtcNow();
        var second = await TaskAsync("second", $$"""{"x": [{{Ref(first)}}]}""");

        var graph = await GraphAsync($"?since={Uri.EscapeDataString(since.ToString("O"))}");

        graph["nodes"]!.AsArray().ShouldHaveSingleItem()![0]!.GetValue<Guid>().ShouldBe(second);
        Ids(graph["nodes"]![0]![1]!["parents"]).ShouldBe([first]);
        graph["root_node_ids"]!.AsArray().ShouldBeEmpty();
        (await server.GetAsync($"/api/flow_runs/{run.Id}/graph-v2?since=x", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("datetime_from_date_parsing", "query.since")]);
    }

    [Fact]
    public async Task GraphV2_HasArtifacts_OldestFirst_WithoutResults()
    {
        var task = await TaskAsync("task");
        var old = await ArtifactAsync("report", "markdown", task, "1");
        var progress = await ArtifactAsync(null, "progress", task, "50");
        await ArtifactAsync(null, "result", task, "2");
        var latest = await ArtifactAsync("report", "markdown", null, "3");

        var graph = await GraphAsync();

        graph["nodes"]![0]![1]!["artifacts"]!
            .AsArray()
            .Select(artifact => (artifact.Text("id"), artifact!["is_latest"]!.GetValue<bool>(), artifact["data"]?.ToJsonString()))
            .ShouldBe([($"{old}", false, null), ($"{progress}", true, "50")]);
        graph["artifacts"]!
            .AsArray()
            .Select(artifact => (artifact.Text("id"), artifact.Text("key"), artifact!["is_latest"]!.GetValue<bool>()))
            .ShouldBe([($"{latest}", "report", true)]);
    }

    [Fact]
    public async Task Graph_NoSuchRun_IsNotFound()
    {
        var unknown = Guid.NewGuid();
        (await server.GetAsync($"/api/flow_runs/{unknown}/graph", HttpStatusCode.NotFound))
            .Text("exception_message")
            .ShouldBe($"Flow run with id {unknown} not found");
        (await server.GetAsync($"/api/flow_runs/{unknown}/graph-v2", HttpStatusCode.NotFound))
            .Text("exception_message")
            .ShouldBe($"Flow run {unknown} not found");
    }

    [Fact]
    public void GraphBuilder_MoreNodesThanTheMost_IsRefused()
    {
        var start = DateTimeOffset.UnixEpoch;
        GraphBuilder graph = new(run.Id, since: start);
        for (var i = 0; i < GraphBuilder.MostNodes; i++)
        {
            graph.Add(Task(start));
        }

        // One that is not shown does not count.
        graph.Add(Task(start.AddSeconds(-1)));
        Should
            .Throw<RequestRefusedException>(() => graph.Add(Task(start)))
            .Message.ShouldBe($"The graph of flow run {run.Id} has more than 10000 nodes.");

        static TaskRun Task(DateTimeOffset end) =>
            new()
            {
                Id = Guid.NewGuid(),
                Name = "t",
                TaskKey = "t",
                DynamicKey = "0",
                StartTime = end,
                EndTime = end,
            };
    }

    private async Task<JsonNode> GraphAsync(string query = "") =>
        (await server.GetAsync($"/api/flow_runs/{run.Id}/graph-v2{query}")).ShouldNotBeNull();

    private async Task<Guid> TaskAsync(string name, string? inputs = null, string state = "RUNNING") =>
        Guid.Parse(
            (
                await server.PostAsync(
                    "/api/task_runs/",
                    $$"""
                    {"flow_run_id": "{{run.Id}}", "name": "{{name}}", "task_key": "{{name}}", "dynamic_key": "0",
                     "task_inputs": {{inputs ?? "{}"}}, "state": {"type": "{{state}}"} }
                    """,
                    HttpStatusCode.Created
                )
            ).Text("id")
        );

    private async Task<Guid> ArtifactAsync(string? key, string type, Guid? taskRunId, string data)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var artifact = await server
            .Get<ArtifactService>()
            .CreateAsync(
                new Artifact
                {
                    Id = Guid.Empty,
                    Key = key,
                    Type = type,
                    Data = JsonElement.Parse(data),
                    FlowRunId = run.Id,
                    TaskRunId = taskRunId,
                }
            );
        return artifact!.Id;
    }

    private static string Ref(Guid id) => $$"""{"input_type": "task_run", "id": "{{id}}"}""";

    private static IEnumerable<Guid> Ids(JsonNode? edges) => edges!.AsArray().Select(edge => edge!["id"]!.GetValue<Guid>());
}
