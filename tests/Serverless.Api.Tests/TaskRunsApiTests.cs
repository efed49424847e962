using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Logs;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

public sealed class TaskRunsApiTests
{
    [Fact]
    public async Task TaskRun_FromStartToEnd_IsShown()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id) with
        {
            TaskInputs = new Dictionary<string, IReadOnlyList<TaskRunInput>>
            {
                ["x"] = [new TaskRunInput { InputType = "task_run", Id = run.Id }],
            },
        };
        await server.Gate.BeginTaskRunAsync(start);
        var path = $"/api/task_runs/{start.TaskRunId}";

        (await server.GetAsync(path)).Text("state_type").ShouldBe("RUNNING");
        (await server.GetAsync($"{path}/result", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("Task run is not final yet: it is Running.");
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Completed(), "\"done\"");

        var shown = await server.GetAsync(path);
        shown!["task_inputs"]!["x"]![0]!.ToJsonString().ShouldBe($$"""{"input_type":"task_run","id":"{{run.Id}}"}""");
        (await server.GetAsync($"{path}/result"))!.GetValue<string>().ShouldBe("done");
        (await server.GetAsync($"/api/task_run_states/?task_run_id={start.TaskRunId}"))!
            .AsArray()
            .Select(state => state.Text("type"))
            .ShouldBe(["PENDING", "RUNNING", "COMPLETED"]);
        var filter = $$"""{"flow_runs": {"id": {"any_": ["{{run.Id}}"]} }, "task_runs": {"state": {"type": {"any_": ["COMPLETED"]} } } }""";
        (await server.PostAsync("/api/task_runs/filter", filter))!.AsArray().Count.ShouldBe(1);
        (await server.PostAsync("/api/task_runs/count", filter))!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("here", HttpStatusCode.OK)]
    [InlineData("gone", HttpStatusCode.Gone)]
    [InlineData("of a client", HttpStatusCode.OK)]
    public async Task Result_InAStorage_IsReadFromThereOrGone(string where, HttpStatusCode status)
    {
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton<IStoredResults, Elsewhere>());
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.BeginTaskRunAsync(start);
        var data = JsonSerializer.SerializeToElement(where);
        await server.Gate.ProposeTaskRunStateAsync(run.Id, start.TaskRunId, ProposedStates.Completed(data: data), TaskRunBasis.None);

        var answer = await server.GetAsync($"/api/task_runs/{start.TaskRunId}/result", status);

        (answer?.ToJsonString() ?? "null").ShouldBe(
            where switch
            {
                "here" => "[1,2]",
                "gone" => """{"detail":"it is gone"}""",
                _ => "null",
            }
        );
    }

    [Fact]
    public async Task Result_ThatWasNotKept_IsGoneAndTheStateHasNoData()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id);
        await server.Gate.EndTaskRunAsync((await server.Gate.BeginTaskRunAsync(start))!, ProposedStates.Completed(), RunResult.NotKept);
        await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            ProposedStates.Completed(),
            TransitionOrigin.Orchestrator,
            resultJson: RunResult.NotKept
        );

        (await server.GetAsync($"/api/task_runs/{start.TaskRunId}/result", HttpStatusCode.Gone))!
            .ToJsonString()
            .ShouldBe("""{"detail":"Task run has a result that was not kept: its code says PersistResult = false."}""");
        (await server.GetAsync($"/api/flow_runs/{run.Id}/result", HttpStatusCode.Gone))!
            .ToJsonString()
            .ShouldBe("""{"detail":"Flow run has a result that was not kept: its code says PersistResult = false."}""");
        (await server.GetAsync($"/api/flow_runs/{run.Id}"))!["state"]!["data"].ShouldBeNull();
    }

    [Fact]
    public async Task Result_OfAFlowInAStorage_IsSentFromThere()
    {
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton<IStoredResults, Elsewhere>());
        var run = await server.CreateRunningAsync();
        var data = JsonSerializer.SerializeToElement("here");
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(data: data), TransitionOrigin.Orchestrator);

        (await server.GetAsync($"/api/flow_runs/{run.Id}/result"))!.ToJsonString().ShouldBe("[1,2]");
    }

    [Fact]
    public async Task Unknown_IsNotFoundInPrefectsWords()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/task_runs/{server.Remote.Id}";

        (await server.GetAsync(path, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Task not found");
        await server.GetAsync($"{path}/result", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task LogsAndArtifacts_OfARun_AreListed()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var logs = server.Get<RunLogs>();
        logs.Write(new LogEntry(run.Id, null, server.Time.GetUtcNow(), 20, "flow", "hello"));
        await logs.FlushAsync(run.Id);
        await server
            .Get<ArtifactService>()
            .CreateAsync(
                new Artifact
                {
                    Id = Guid.Empty,
                    Key = "table",
                    Type = "table",
                    FlowRunId = run.Id,
                }
            );

        var log = (
            await server.PostAsync(
                "/api/logs/filter",
                $$"""{"logs": {"flow_run_id": {"any_": ["{{run.Id}}"]} }, "sort": "TIMESTAMP_ASC"}"""
            )
        )!
            .AsArray()
            .ShouldHaveSingleItem();
        var artifact = (await server.PostAsync("/api/artifacts/filter", """{"artifacts": {"key": {"any_": ["table"]}}}"""))!
            .AsArray()
            .ShouldHaveSingleItem();

        log.Text("message").ShouldBe("hello");
        log!["level"]!.GetValue<int>().ShouldBe(20);
        artifact.Text("flow_run_id").ShouldBe(run.Id.ToString());
        await server.PostAsync("/api/logs/filter", """{"limit": 201}""", HttpStatusCode.UnprocessableEntity);
        await server.PostAsync("/api/artifacts/filter", """{"offset": -1}""", HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Has one value.</summary>
    private sealed class Elsewhere : IStoredResults
    {
        public Task<(Func<Stream, CancellationToken, Task>? Write, string? Gone)> OpenAsync(
            JsonElement data,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<(Func<Stream, CancellationToken, Task>?, string?)>(
                data.GetString() switch
                {
                    "here" => (static async (stream, token) => await stream.WriteAsync("[1,2]"u8.ToArray(), token), null),
                    "gone" => (null, "it is gone"),
                    _ => (null, null),
                }
            );
    }
}
