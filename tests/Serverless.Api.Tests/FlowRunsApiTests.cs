using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

public sealed class FlowRunsApiTests
{
    private const string Unknown = "/api/flow_runs/01900000-0000-7000-8000-000000000001";

    /// <summary>As Prefect's engine drives a run of a flow that this app does not have.</summary>
    [Fact]
    public async Task RemoteClient_DrivesItsRunByItself()
    {
        await using var server = await ApiServer.StartAsync();
        var flow = await server.PostAsync("/api/flows/", """{"name": "py"}""", HttpStatusCode.Created);
        var run = await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{flow.Text("id")}}", "name": "r", "parameters": {"x": 1}, "context": {}, "tags": [], "parent_task_run_id": null, "state": {"type": "PENDING", "name": "Pending", "message": null, "data": null, "state_details": {"deferred": false, "untrackable_result": false, "pause_reschedule": false} }, "empirical_policy": {"max_retries": 0, "retries": null}, "work_pool_name": null}""",
            HttpStatusCode.Created
        );
        var path = $"/api/flow_runs/{run.Text("id")}";
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var running = await server.PostAsync(
            $"{path}/set_state",
            """{"state": {"type": "RUNNING", "name": "Running"}, "force": false}""",
            HttpStatusCode.Created
        );
        server.Time.Advance(TimeSpan.FromSeconds(2));
        var completed = await server.PostAsync(
            $"{path}/set_state",
            """{"state": {"type": "COMPLETED", "data": {"type": "x"}}}""",
            HttpStatusCode.Created
        );
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await server.PostAsync($"{path}/set_state", """{"state": {"type": "CRASHED"}}""");

        running.Text("status").ShouldBe("ACCEPT");
        running!["details"]!.Text("type").ShouldBe("accept_details");
        completed!["state"]!.Text("name").ShouldBe("Completed");
        late.Text("status").ShouldBe("ABORT");
        var shown = await server.GetAsync(path);
        shown.Text("state_type").ShouldBe("COMPLETED");
        shown!["total_run_time"]!.GetValue<double>().ShouldBe(2);
        shown.Text("end_time").ShouldEndWith("Z");
        (await server.GetAsync($"/api/flow_run_states/?flow_run_id={run.Text("id")}"))!
            .AsArray()
            .Select(state => state.Text("type"))
            .ShouldBe(["PENDING", "RUNNING", "COMPLETED"]);
        server.Announcer.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task SetState_Forced_PassesTheRules()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync(ProposedStates.Cancelling());
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var path = $"/api/flow_runs/{run.Id}/set_state";

        (await server.PostAsync(path, """{"state": {"type": "RUNNING"}}""")).Text("status").ShouldBe("REJECT");
        (await server.PostAsync(path, """{"state": {"type": "RUNNING"}, "force": true}""", HttpStatusCode.Created))
            .Text("status")
            .ShouldBe("ACCEPT");
    }

    [Theory]
    [InlineData("""{}""", "missing", "body.state")]
    [InlineData("""{"state": {"name": "x"}}""", "missing", "body.state.type")]
    [InlineData("""{"state": {"type": "WALKING"}}""", "enum", "body.state.type")]
    [InlineData("""{"state": {"type": "Running"}}""", "enum", "body.state.type")]
    [InlineData("""{"state": {"type": "RUNNING", "timestamp": "2026-01-01T00:00:00Z"}}""", "extra_forbidden", "body.state.timestamp")]
    [InlineData(
        """{"state": {"type": "RUNNING", "state_details": {"pause_timeout": "soon"}}}""",
        "datetime_from_date_parsing",
        "body.state.state_details.pause_timeout"
    )]
    public async Task SetState_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        (await server.PostAsync($"/api/flow_runs/{run.Id}/set_state", body, HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task Create_UnknownFlow_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();

        await server.PostAsync("/api/flow_runs/", $$"""{"flow_id": "{{server.Registered.Id}}"}""", HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"flow_id": "x"}""", "uuid_parsing", "body.flow_id")]
    [InlineData("""{}""", "missing", "body.flow_id")]
    [InlineData("""{"flow_id": "01900000-0000-7000-8000-000000000001", "id": 1}""", "extra_forbidden", "body.id")]
    [InlineData("""{"flow_id": "01900000-0000-7000-8000-000000000001", "parameters": []}""", "dict_type", "body.parameters")]
    public async Task Create_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync("/api/flow_runs/", body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task Create_BodyTooLarge_IsRefused()
    {
        await using var server = await ApiServer.StartAsync();
        var body = $$"""{"flow_id": "{{server.Remote.Id}}", "parameters": {"x": "{{new string('x', BodyLimit.Values)}}"} }""";

        await server.PostAsync("/api/flow_runs/", body, HttpStatusCode.RequestEntityTooLarge);
        using var response = await server.PostChunkedAsync("/api/flow_runs/", Encoding.UTF8.GetBytes(body));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Create_BodyWithoutLength_IsRead()
    {
        await using var server = await ApiServer.StartAsync();
        var body = $$"""{"flow_id": "{{server.Remote.Id}}", "parameters": {"x": "{{new string('x', 100_000)}}"} }""";

        using var response = await server.PostChunkedAsync("/api/flow_runs/", Encoding.UTF8.GetBytes(body));

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task FilterAndCount_ByState_Agree()
    {
        await using var server = await ApiServer.StartAsync();
        await server.CreateRemoteAsync();
        var running = await server.CreateRunningAsync();
        const string Body = """{"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}, "sort": "START_TIME_DESC", "limit": 5}""";

        (await server.PostAsync("/api/flow_runs/filter", Body))!.AsArray().Select(run => run.Text("id")).ShouldBe([running.Id.ToString()]);
        (await server.PostAsync("/api/flow_runs/count", Body))!.GetValue<int>().ShouldBe(1);
        (await server.PostAsync("/api/flow_runs/count", null))!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Delete_ThenAnything_IsNotFound()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        (await server.DeleteAsync($"/api/flow_runs/{run.Id}", HttpStatusCode.NoContent)).ShouldBeNull();

        await server.DeleteAsync($"/api/flow_runs/{run.Id}", HttpStatusCode.NotFound);
        (await server.GetAsync($"/api/flow_runs/{run.Id}", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow run not found");
    }

    [Theory]
    [InlineData("set_state", """{"state": {"type": "RUNNING"}}""")]
    [InlineData("resume", null)]
    [InlineData("pause", null)]
    [InlineData("suspend", null)]
    [InlineData("cancel", null)]
    public async Task Operation_OnAnUnknownRun_IsNotFound(string operation, string? body)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync($"{Unknown}/{operation}", body, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow run not found");
    }

    [Fact]
    public async Task PauseResumeSuspendResumeCancel_AnswerTheStateWritten()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();

        (await PostAsync("pause", """{"timeout_seconds": 60, "message": "look"}""")).Text("name").ShouldBe("Paused");
        (await PostAsync("resume", """{"run_input": {}}""")).Text("name").ShouldBe("Running");
        (await PostAsync("suspend", null)).Text("name").ShouldBe("Suspended");
        (await PostAsync("resume", null)).Text("name").ShouldBe("Resuming");
        (await PostAsync("cancel", "{}")).Text("name").ShouldBe("Cancelled");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        (await server.PostAsync($"/api/flow_runs/{run.Id}/pause", null)).Text("status").ShouldNotBe("ACCEPT");

        async Task<JsonNode?> PostAsync(string operation, string? body)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            return (await server.PostAsync($"/api/flow_runs/{run.Id}/{operation}", body, HttpStatusCode.Created))!["state"];
        }
    }

    [Fact]
    public async Task Pause_WithoutTime_IsUnprocessable()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();

        (await server.PostAsync($"/api/flow_runs/{run.Id}/pause", """{"timeout_seconds": 0}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("value_error", "body.timeout_seconds")]);
    }

    [Fact]
    public async Task Resume_OfARunThatIsNotPaused_IsAbortedWithoutState()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();

        var answer = await server.PostAsync($"/api/flow_runs/{run.Id}/resume", null);

        answer.Text("status").ShouldBe("ABORT");
        answer!["state"].ShouldBeNull();
        answer["details"]!.Text("reason").ShouldBe("Cannot resume a flow run that is not paused.");
    }

    [Fact]
    public async Task Result_BeforeAndAfterTheEnd_IsAConflictThenTheValue()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var failed = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(failed.Id, ProposedStates.Failed("no luck"), TransitionOrigin.Orchestrator);

        (await server.GetAsync($"/api/flow_runs/{run.Id}/result", HttpStatusCode.Conflict)).Text("detail").ShouldContain("Running");
        await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            ProposedStates.Completed(),
            TransitionOrigin.Orchestrator,
            resultJson: """{"a":[1]}"""
        );

        (await server.GetAsync($"/api/flow_runs/{run.Id}/result"))!.ToJsonString().ShouldBe("""{"a":[1]}""");
        (await server.GetAsync($"/api/flow_runs/{failed.Id}/result", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("Flow run has no result: it ended as Failed: no luck");
        await server.GetAsync($"{Unknown}/result", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(StateType.Failed)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.Crashed)]
    public async Task Result_OfARunThatLeftOneWithoutCompleting_IsTheValue(StateType type)
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Gate.ProposeFlowRunStateAsync(
            run.Id,
            new ProposedState { Type = type },
            TransitionOrigin.Orchestrator,
            resultJson: "[1]"
        );

        (await server.GetAsync($"/api/flow_runs/{run.Id}/result"))!.ToJsonString().ShouldBe("[1]");
    }

    [Fact]
    public async Task AnyOperation_StoreUnavailable_SaysToRetry()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.BeforeCommit = _ => throw new Storage.RowStoreUnavailableException("full");
        using StringContent body = new($$"""{"flow_id": "{{server.Remote.Id}}"}""", Encoding.UTF8, "application/json");

        using var response = await server.Http.PostAsync(new Uri("/api/flow_runs/", UriKind.Relative), body);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"exception_message":"Service Unavailable"}""");
    }

    [Fact]
    public async Task AnyOperation_ThatFails_SaysNoMoreThanThat()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.BeforeCommit = _ => throw new InvalidOperationException("secret");

        (await server.PostAsync("/api/flow_runs/", $$"""{"flow_id": "{{server.Remote.Id}}"}""", HttpStatusCode.InternalServerError))!
            .ToJsonString()
            .ShouldBe("""{"exception_message":"Internal Server Error"}""");
    }

    [Fact]
    public async Task States_WithoutOrWithABadId_AreUnprocessable()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.GetAsync("/api/flow_run_states/", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("missing", "query.flow_run_id")]);
        (await server.GetAsync("/api/task_run_states/?task_run_id=x", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("uuid_parsing", "query.task_run_id")]);
        (await server.GetAsync($"/api/flow_run_states/?flow_run_id={server.Remote.Id}"))!.AsArray().ShouldBeEmpty();
    }
}
