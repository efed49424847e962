using System.Net;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

/// <summary>Task runs that clients create and move.</summary>
public sealed class TaskRunsClientApiTests : IAsyncLifetime
{
    private const string Missing = "01900000-0000-7000-8000-000000000001";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Create_InAFlowRun_AnswersWithTheRunAsPrefect()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Running());
        var body = $$"""
            {"flow_run_id": "{{flowRun.Id}}", "task_key": "my-task", "dynamic_key": "0", "name": "my-name", "labels": {"env": "dev"}, "tags": ["a", "b"],
             "cache_key": "k", "cache_expiration": "2030-01-01T00:00:00Z", "task_version": "7",
             "empirical_policy": {"retries": 2, "retry_delay": [1, 2.5]}, "task_inputs": {"x": [{"input_type": "parameter", "name": "n"}]} }
            """;

        var run = (await server.PostAsync("/api/task_runs/", body, HttpStatusCode.Created))!;

        run.Text("flow_run_id").ShouldBe(flowRun.Id.ToString());
        run.Text("name").ShouldBe("my-name");
        run["labels"]!
            .ToJsonString()
            .ShouldBe($$"""{"prefect.flow.id":"{{server.Remote.Id}}","prefect.flow-run.id":"{{flowRun.Id}}","env":"dev"}""");
        run["tags"]!.ToJsonString().ShouldBe("""["a","b"]""");
        run["empirical_policy"]!["retry_delay"]!.ToJsonString().ShouldBe("[1,2.5]");
        run["task_inputs"]!.ToJsonString().ShouldBe("""{"x":[{"input_type":"parameter","name":"n"}]}""");
        (run.Text("cache_key"), run.Text("task_version"), run["run_count"]!.GetValue<int>()).ShouldBe(("k", "7", 0));
        (run.Text("state_type"), run.Text("state_name"), run["state"]!.Text("name")).ShouldBe(("PENDING", "Pending", "Pending"));
        run["state"]!["state_details"]!.Text("task_run_id").ShouldBe(run.Text("id"));
        run["state"]!["state_details"]!.Text("flow_run_id").ShouldBe(flowRun.Id.ToString());
        (await server.GetAsync($"/api/task_runs/{run.Text("id")}")).Text("name").ShouldBe("my-name");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_SameCallAgain_AnswersWithTheRunThatIsThere(bool inFlowRun)
    {
        var owner = inFlowRun ? $"\"{(await server.CreateRemoteAsync()).Id}\"" : "null";
        var body = $$"""{"flow_run_id": {{owner}}, "task_key": "t", "dynamic_key": "d", "state": {"type": "SCHEDULED"} }""";
        var first = await server.PostAsync("/api/task_runs/", body, HttpStatusCode.Created);

        var again = await server.PostAsync("/api/task_runs/", $$"""{"id": "{{Missing}}", {{body[1..]}}""");

        again.Text("id").ShouldBe(first.Text("id"));
        again.Text("state_type").ShouldBe("SCHEDULED");
        first.Text("name").ShouldNotBeEmpty();
        await server.PostAsync(
            "/api/task_runs/",
            $$"""{"flow_run_id": {{owner}}, "task_key": "t", "dynamic_key": "e"}""",
            HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task Create_WithAnId_TakesItOnce()
    {
        var flowRun = await server.CreateRemoteAsync();
        string Body(string owner, string key) =>
            $$"""{"id": "{{Missing}}", "flow_run_id": {{owner}}, "task_key": "t", "dynamic_key": "{{key}}"}""";
        (await server.PostAsync("/api/task_runs/", Body($"\"{flowRun.Id}\"", "0"), HttpStatusCode.Created)).Text("id").ShouldBe(Missing);

        (await server.PostAsync("/api/task_runs/", Body($"\"{flowRun.Id}\"", "1"), HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldContain(Missing);
        await server.PostAsync("/api/task_runs/", Body("null", "0"), HttpStatusCode.Conflict);
        await server.DeleteAsync($"/api/task_runs/{Missing}", HttpStatusCode.NoContent);
        await server.PostAsync("/api/task_runs/", Body("null", "0"), HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Create_UnknownOrDeletedFlowRun_IsAConflict()
    {
        var flowRun = await server.CreateRemoteAsync();
        await server.Runs.DeleteAsync(flowRun.Id);

        foreach (var id in new[] { Missing, flowRun.Id.ToString() })
        {
            (
                await server.PostAsync(
                    "/api/task_runs/",
                    $$"""{"flow_run_id": "{{id}}", "task_key": "t", "dynamic_key": "0"}""",
                    HttpStatusCode.Conflict
                )
            )
                .Text("detail")
                .ShouldBe($"Error creating task run: there is no flow run {id}.");
        }
    }

    [Theory]
    [InlineData("""{"dynamic_key": "0"}""", "missing", "body.task_key")]
    [InlineData("""{"task_key": "t", "dynamic_key": 0}""", "string_type", "body.dynamic_key")]
    [InlineData("""{"task_key": "t", "dynamic_key": "0", "run_count": 1}""", "extra_forbidden", "body.run_count")]
    [InlineData("""{"task_key": "t", "dynamic_key": "0", "state": {"type": "RUNNING", "id": "x"}}""", "extra_forbidden", "body.state.id")]
    [InlineData(
        """{"task_key": "t", "dynamic_key": "0", "empirical_policy": {"retry_jitter_factor": -1}}""",
        "value_error",
        "body.empirical_policy.retry_jitter_factor"
    )]
    public async Task Create_Invalid_SaysWhatAndWhere(string body, string type, string location) =>
        (await server.PostAsync("/api/task_runs/", body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    [Theory]
    [InlineData(
        """{"id": "01900000-0000-7000-8000-000000000001"}""",
        """{"input_type":"task_run","id":"01900000-0000-7000-8000-000000000001"}"""
    )]
    [InlineData("""{"name": "n"}""", """{"input_type":"parameter","name":"n"}""")]
    [InlineData("""{"type": "int"}""", """{"input_type":"constant","type":"int"}""")]
    [InlineData(
        """{"input_type": "flow_run", "id": "01900000-0000-7000-8000-000000000001", "name": "n"}""",
        """{"input_type":"flow_run","id":"01900000-0000-7000-8000-000000000001"}"""
    )]
    [InlineData("""{"input_type": "constant", "type": "str", "name": "n"}""", """{"input_type":"constant","type":"str"}""")]
    public async Task Create_TaskInput_IsKnownByItsMembers(string item, string shown)
    {
        var run = await server.PostAsync(
            "/api/task_runs/",
            $$"""{"task_key": "t", "dynamic_key": "0", "task_inputs": {"x": [{{item}}]} }""",
            HttpStatusCode.Created
        );

        run!["task_inputs"]!.ToJsonString().ShouldBe($$"""{"x":[{{shown}}]}""");
        (await server.GetAsync($"/api/task_runs/{run.Text("id")}"))!["task_inputs"]!.ToJsonString().ShouldBe($$"""{"x":[{{shown}}]}""");
    }

    [Theory]
    [InlineData("null", "dict_type body.task_inputs")]
    [InlineData("[]", "dict_type body.task_inputs")]
    [InlineData("""{"x": null}""", "list_type body.task_inputs.x")]
    [InlineData("""{"x": {}}""", "list_type body.task_inputs.x")]
    [InlineData(
        """{"x": [{"name": "n"}, {"input_type": "bogus", "id": "01900000-0000-7000-8000-000000000001"}]}""",
        "literal_error body.task_inputs.x.1.TaskRunResult.input_type"
    )]
    [InlineData("""{"x": [{}]}""", "missing body.task_inputs.x.0.Constant.type")]
    [InlineData("""{"x": [{"input_type": "task_run", "id": "no"}]}""", "uuid_parsing body.task_inputs.x.0.TaskRunResult.id")]
    [InlineData("""{"x": [7]}""", "model_attributes_type body.task_inputs.x.0.Parameter")]
    [InlineData("""{"x": [null]}""", "model_attributes_type body.task_inputs.x.0.Parameter")]
    public async Task Create_WrongTaskInputs_SaysWhereDownToTheItem(string inputs, string expected)
    {
        var answer = await server.PostAsync(
            "/api/task_runs/",
            $$"""{"task_key": "t", "dynamic_key": "0", "task_inputs": {{inputs}} }""",
            HttpStatusCode.UnprocessableEntity
        );

        answer.Errors().Select(error => $"{error.Type} {error.Location}").ShouldContain(expected);
    }

    [Fact]
    public async Task Create_TooMuch_SaysSoInPrefectsWords()
    {
        var delays = string.Join(", ", Enumerable.Repeat("1", 51));
        var policy = $$"""{"task_key": "t", "dynamic_key": "0", "empirical_policy": {"retry_delay": [{{delays}}]} }""";
        var key = $$"""{"task_key": "t", "dynamic_key": "0", "cache_key": "{{new string('k', 2001)}}"}""";

        (await ErrorAsync(policy)).ShouldBe("Value error, Can not configure more than 50 retry delays per task.");
        (await ErrorAsync(key)).ShouldBe("Value error, Cache key exceeded maximum allowed length of 2000 characters.");

        async Task<string> ErrorAsync(string body) =>
            (await server.PostAsync("/api/task_runs/", body, HttpStatusCode.UnprocessableEntity))!["exception_detail"]!
                .AsArray()
                .ShouldHaveSingleItem()
                .Text("msg");
    }

    [Fact]
    public async Task Create_EmptyBody_IsUnprocessable() =>
        await server.PostAsync("/api/task_runs/", "", HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task SetState_FromStartToEnd_GoesThroughTheRules()
    {
        var flowRun = await server.CreateRemoteAsync();
        var path = await CreateAsync(flowRun, "0", """, "empirical_policy": {"retries": 1}""");

        server.Time.Advance(TimeSpan.FromSeconds(1));
        var early = await server.PostAsync($"{path}/set_state", """{"state": {"type": "RUNNING"}}""");
        await server.Gate.ProposeFlowRunStateAsync(flowRun.Id, ProposedStates.Running(), TransitionOrigin.Client);
        var running = await SetAsync(path, """{"type": "RUNNING", "name": "Test State"}""");
        var failed = await SetAsync(path, """{"type": "FAILED"}""");
        var retrying = await SetAsync(path, """{"type": "RUNNING"}""");
        var completed = await SetAsync(path, """{"type": "COMPLETED", "data": {"type": "result"}}""");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var late = await server.PostAsync($"{path}/set_state", """{"state": {"type": "CRASHED"}}""");

        (early.Text("status"), early!["details"]!.Text("reason")).ShouldBe(
            ("ABORT", "The enclosing flow must be running to begin task execution.")
        );
        (running.Text("status"), running!["state"]!.Text("name")).ShouldBe(("ACCEPT", "Test State"));
        (failed.Text("status"), failed!["state"]!.Text("name")).ShouldBe(("REJECT", "AwaitingRetry"));
        retrying!["state"]!.Text("name").ShouldBe("Retrying");
        completed.Text("status").ShouldBe("ACCEPT");
        (late.Text("status"), late!["details"]!.Text("reason")).ShouldBe(("ABORT", "Run is already COMPLETED."));
        (await server.GetAsync(path))!["run_count"]!.GetValue<int>().ShouldBe(2);
        (await server.GetAsync($"/api/task_run_states/?task_run_id={path.Split('/')[^1]}"))!
            .AsArray()
            .Select(state => state.Text("name"))
            .ShouldBe(["Pending", "Test State", "AwaitingRetry", "Retrying", "Completed"]);
    }

    [Theory]
    [InlineData("PENDING")]
    [InlineData("RUNNING")]
    public async Task SetState_Twice_IsWrittenTwice(string type)
    {
        var path = await CreateAsync(await server.CreateRemoteAsync(ProposedStates.Running()));

        (await SetAsync(path, $$"""{"type": "{{type}}"}""")).Text("status").ShouldBe("ACCEPT");
        (await SetAsync(path, $$"""{"type": "{{type}}"}""")).Text("status").ShouldBe("ACCEPT");
    }

    [Fact]
    public async Task SetState_Forced_PassesTheRules()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Completed());
        var path = await CreateAsync(flowRun, "0", """, "empirical_policy": {"retries": 1}""");

        (await SetAsync(path, """{"type": "RUNNING"}""", force: true)).Text("status").ShouldBe("ACCEPT");
        (await SetAsync(path, """{"type": "FAILED"}""", force: true))!["state"]!.Text("name").ShouldBe("Failed");
        (await SetAsync(path, """{"type": "PAUSED"}""", force: true)).Text("status").ShouldBe("ACCEPT");
    }

    [Fact]
    public async Task SetState_UnknownRunOrDeletedFlowRun_IsNotFound()
    {
        var flowRun = await server.CreateRemoteAsync();
        var path = await CreateAsync(flowRun);
        await server.Runs.DeleteAsync(flowRun.Id);

        foreach (var missing in new[] { path, $"/api/task_runs/{Missing}" })
        {
            (await server.PostAsync($"{missing}/set_state", """{"state": {"type": "RUNNING"}}""", HttpStatusCode.NotFound))
                .Text("detail")
                .ShouldBe("Task not found");
            await server.DeleteAsync(missing, HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("""{"force": true}""", "missing", "body.state")]
    [InlineData("""{"state": {"type": "RUNNING", "run_count": 1}}""", "extra_forbidden", "body.state.run_count")]
    public async Task SetState_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        var path = await CreateAsync(null);

        (await server.PostAsync($"{path}/set_state", body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task SetState_CacheKeyTooLong_IsWrittenButRejected()
    {
        var path = await CreateAsync(null);

        var answer = await SetAsync(path, $$"""{"type": "COMPLETED", "state_details": {"cache_key": "{{new string('k', 2001)}}"} }""");

        (answer.Text("status"), answer!["details"]!.Text("reason"), answer["state"]!.Text("type")).ShouldBe(
            ("REJECT", "Cache key exceeded maximum allowed length of 2000 characters.", "COMPLETED")
        );
    }

    [Theory]
    [InlineData("PENDING", false)]
    [InlineData("RUNNING", false)]
    [InlineData("CANCELLED", false)]
    [InlineData("CANCELLING", true)]
    public async Task SetState_DeferredPending_IsAbortedUnlessScheduled(string from, bool force)
    {
        var path = await CreateAsync(null);
        if (from != "PENDING")
        {
            (await SetAsync(path, $$"""{"type": "{{from}}", "state_details": {"deferred": true} }""", force: true))
                .Text("status")
                .ShouldBe("ACCEPT");
        }

        server.Time.Advance(TimeSpan.FromSeconds(1));

        var answer = await server.PostAsync(
            $"{path}/set_state",
            $$"""{"state": {"type": "PENDING", "state_details": {"deferred": true} }, "force": {{(force ? "true" : "false")}} }"""
        );

        answer.Text("status").ShouldBe("ABORT");
    }

    [Fact]
    public async Task OutsideAnyFlow_IsReadListedCountedAndDeleted()
    {
        var path = await CreateAsync(null);
        var id = path.Split('/')[^1];
        var owned = await CreateAsync(await server.CreateRemoteAsync(ProposedStates.Running()));
        (await SetAsync(path, """{"type": "RUNNING"}""")).Text("status").ShouldBe("ACCEPT");

        var run = (await server.GetAsync(path))!;
        (run["flow_run_id"], run["labels"]!.ToJsonString(), run["run_count"]!.GetValue<int>()).ShouldBe((null, "{}", 1));
        run["state"]!["state_details"]!["flow_run_id"].ShouldBeNull();
        (await server.GetAsync($"{path}/result", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("Task run is not final yet: it is Running.");
        (await FoundAsync("{}")).ShouldBe([id, owned.Split('/')[^1]], ignoreOrder: true);
        (await FoundAsync("""{"task_runs": {"flow_run_id": {"is_null_": true}}}""")).ShouldBe([id]);
        (await FoundAsync($$"""{"task_runs": {"id": {"any_": ["{{id}}"]} } }""")).ShouldBe([id]);
        (await FoundAsync("""{"task_runs": {"state": {"type": {"any_": ["RUNNING"]}}}}""")).ShouldBe([id]);
        (await FoundAsync("""{"flow_runs": {}}""")).ShouldBe([owned.Split('/')[^1]]);
        (await FoundAsync($$"""{"flows": {"name": {"any_": ["remote"]} }, "task_runs": {"id": {"any_": ["{{id}}"]} } }""")).ShouldBeEmpty();

        await server.DeleteAsync(path, HttpStatusCode.NoContent);
        await server.GetAsync(path, HttpStatusCode.NotFound);
        (await server.GetAsync($"/api/task_run_states/?task_run_id={id}"))!.AsArray().ShouldBeEmpty();
        (await FoundAsync("""{"task_runs": {"flow_run_id": {"is_null_": true}}}""")).ShouldBeEmpty();
        (await CreateAsync(null)).ShouldNotBe(path);
    }

    [Fact]
    public async Task Delete_OfAFlowRunOfThisApp_IsRefused()
    {
        var flowRun = await server.CreateRunningAsync();
        var start = TestServer.StartOf(flowRun.Id);
        await server.Gate.BeginTaskRunAsync(start);

        await server.DeleteAsync($"/api/task_runs/{start.TaskRunId}", HttpStatusCode.Conflict);
    }

    private async Task<string> CreateAsync(FlowRun? flowRun, string dynamicKey = "0", string more = "")
    {
        var owner = flowRun is null ? "null" : $"\"{flowRun.Id}\"";
        var run = await server.PostAsync(
            "/api/task_runs/",
            $$"""{"flow_run_id": {{owner}}, "task_key": "t", "dynamic_key": "{{dynamicKey}}"{{more}} }""",
            HttpStatusCode.Created
        );
        return $"/api/task_runs/{run.Text("id")}";
    }

    private async Task<JsonNode?> SetAsync(string path, string state, bool force = false)
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        return await server.PostAsync(
            $"{path}/set_state",
            $$"""{"state": {{state}}, "force": {{(force ? "true" : "false")}} }""",
            HttpStatusCode.Created
        );
    }

    private async Task<string[]> FoundAsync(string query)
    {
        string[] found = [.. (await server.PostAsync("/api/task_runs/filter", query))!.AsArray().Select(run => run.Text("id"))];
        (await server.PostAsync("/api/task_runs/count", query))!.GetValue<int>().ShouldBe(found.Length, query);
        return found;
    }
}
