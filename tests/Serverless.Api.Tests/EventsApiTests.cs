using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Heartbeats;

namespace Serverless.Api.Tests;

public sealed class EventsApiTests : IAsyncLifetime
{
    private const string Path = "/api/events";

    private TestServer _server = null!;
    private FlowRun _run = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _run = await _server.CreateRemoteAsync(ProposedStates.Running());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Post_EventsOfATaskRun_AreRecordedBeforeTheAnswer()
    {
        var task = Guid.NewGuid();

        await _server.PostAsync(
            Path,
            $"[{ClientEvents.TaskRun(_run.Id, task, "PENDING", 0)}, {ClientEvents.TaskRun(_run.Id, task, "COMPLETED", 1)}]",
            HttpStatusCode.NoContent
        );

        (await _server.GetAsync($"/api/task_runs/{task}"))!["state_type"]!.GetValue<string>().ShouldBe("COMPLETED");
        (await _server.GetAsync($"/api/task_run_states/?task_run_id={task}"))!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Post_Heartbeats_KeepTheRunFromBeingEnded()
    {
        var heartbeats = _server.Get<FlowRunHeartbeats>();
        await heartbeats.EndZombiesAsync();
        for (var i = 0; i < 4; i++)
        {
            await _server.PostAsync(Path, $"[{ClientEvents.Heartbeat(_run.Id, _server.Time.GetUtcNow())}]", HttpStatusCode.NoContent);
            _server.Time.Advance(TimeSpan.FromSeconds(60));
            (await heartbeats.EndZombiesAsync()).ShouldBe(0);
        }

        _server.Time.Advance(TimeSpan.FromSeconds(180));
        (await heartbeats.EndZombiesAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Post_OtherEvents_AreTakenAndNotKept() =>
        await _server.PostAsync(
            Path,
            """[{"id": "01900000-0000-7000-8000-0000000000ee", "occurred": "2026-01-01T00:00:00Z", "event": "mine", "resource": {"prefect.resource.id": "x"}}]""",
            HttpStatusCode.NoContent
        );

    [Theory]
    [InlineData("{}", "body", "Input should be a valid list")]
    [InlineData("[{}]", "body.0.id", "Field required")]
    [InlineData("[5]", "body.0", "Input should be a valid dictionary or object to extract fields from")]
    [InlineData("""[{"resource": {}}]""", "body.0.resource", "Value error, Resources must include the prefect.resource.id label")]
    [InlineData(
        """[{"resource": {"prefect.resource.id": ""}}]""",
        "body.0.resource",
        "Value error, The prefect.resource.id label must be non-empty"
    )]
    [InlineData("""[{"resource": {"prefect.resource.id": 5}}]""", "body.0.resource.prefect.resource.id", "Input should be a valid string")]
    [InlineData(
        """[{"related": [{"prefect.resource.id": "x"}]}]""",
        "body.0.related.0",
        "Value error, Related Resources must include the prefect.resource.role label"
    )]
    [InlineData("""[{"occurred": "yesterday"}]""", "body.0.occurred", "Input should be a valid datetime")]
    public async Task Post_Wrong_Is422(string body, string place, string message)
    {
        var events = JsonNode.Parse(body)!;
        if (events is JsonArray { Count: 1 } list && list[0] is JsonObject { Count: > 0 } given)
        {
            var whole = JsonNode.Parse(ClientEvents.Heartbeat(_run.Id))!.AsObject();
            foreach (var (name, value) in given)
            {
                whole[name] = value?.DeepClone();
            }

            events = new JsonArray(whole);
        }

        var answer = await _server.PostAsync(Path, events.ToJsonString(), HttpStatusCode.UnprocessableEntity);

        var errors = answer!["exception_detail"]!.AsArray();
        errors
            .Select(error =>
                (string.Join('.', error!["loc"]!.AsArray().Select(part => part!.ToString())), error["msg"]!.GetValue<string>())
            )
            .ShouldContain(
                error => error.Item1 == place && error.Item2.StartsWith(message, StringComparison.Ordinal),
                answer.ToJsonString()
            );
    }

    [Fact]
    public async Task Post_NameTooLong_Is422()
    {
        var whole = JsonNode.Parse(ClientEvents.Heartbeat(_run.Id))!.AsObject();
        whole["event"] = new string('e', 1025);

        var answer = await _server.PostAsync(Path, new JsonArray(whole).ToJsonString(), HttpStatusCode.UnprocessableEntity);

        answer!["exception_detail"]![0]!["msg"]!.GetValue<string>().ShouldBe("Value error, Event name must be at most 1024 characters");
    }

    [Fact]
    public async Task Post_StateWithALongMessage_IsRecorded()
    {
        var task = Guid.NewGuid();
        var whole = JsonNode.Parse(ClientEvents.TaskRun(_run.Id, task, "FAILED", 0))!.AsObject();
        var message = new string('m', 100_000);
        whole["resource"]!["prefect.state-message"] = message;
        whole["related"]!.AsArray().Add(new JsonObject { ["prefect.resource.id"] = message, ["prefect.resource.role"] = "tag" });
        whole["payload"]!["validated_state"]!["message"] = message;

        await _server.PostAsync(Path, new JsonArray(whole).ToJsonString(), HttpStatusCode.NoContent);

        (await _server.TaskRuns.GetAsync(task))!.State!.Message!.Length.ShouldBe(ProposedState.MaxMessage);
    }

    [Fact]
    public async Task Post_MoreThanPrefectAllows_Is422()
    {
        var whole = JsonNode.Parse(ClientEvents.Heartbeat(_run.Id))!.AsObject();
        whole["related"] = new JsonArray([
            .. Enumerable.Range(0, 101).Select(i => new JsonObject { ["prefect.resource.id"] = $"r{i}", ["prefect.resource.role"] = "x" }),
        ]);
        for (var i = 0; i < 500; i++)
        {
            whole["resource"]![$"label{i}"] = "x";
        }

        var answer = await _server.PostAsync(Path, new JsonArray(whole).ToJsonString(), HttpStatusCode.UnprocessableEntity);

        answer!["exception_detail"]!.AsArray().Count.ShouldBe(2);
    }
}
