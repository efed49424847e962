using System.Net;
using System.Text.Json.Nodes;
using Serverless.Api.Http.Binding;

namespace Serverless.Api.Tests;

/// <summary>Deployments that clients make, change and delete.</summary>
public sealed class DeploymentChangesApiTests
{
    private const string Deployments = "/api/deployments/";

    [Fact]
    public async Task Create_ThenAgain_IsCreatedThenChanged()
    {
        await using var server = await ApiServer.StartAsync();
        var flow = await RemoteFlowAsync(server);

        var created = await CreateAsync(
            server,
            flow,
            """
            "version": "1", "description": "d", "tags": ["a", "a"], "parameters": {"x": 1}, "labels": {"team": "t"}, "paused": true,
            "entrypoint": "f.py:f", "path": "/p", "pull_steps": [{"s": {"a": 1}}], "job_variables": {"v": 1}, "concurrency_limit": 2,
            "concurrency_options": {"collision_strategy": "CANCEL_NEW"}, "enforce_parameter_schema": false,
            "parameter_openapi_schema": {"type": "object"}, "unknown": 1
            """
        );
        var changed = await CreateAsync(server, flow, """ "version": "2" """, HttpStatusCode.OK);

        created.Text("status").ShouldBe("NOT_READY");
        created!["tags"]!.ToJsonString().ShouldBe("""["a"]""");
        created["labels"]!["prefect.flow.id"]!.GetValue<string>().ShouldBe(flow);
        created["labels"]!["team"]!.GetValue<string>().ShouldBe("t");
        created["global_concurrency_limit"]!["limit"]!.GetValue<int>().ShouldBe(2);
        created["schedules"]!.AsArray().ShouldBeEmpty();

        // What the second request does not say stays.
        changed.Text("version").ShouldBe("2");
        foreach (var member in created.AsObject().Where(member => member.Key is not ("version" or "updated")))
        {
            JsonNode.DeepEquals(changed![member.Key], member.Value).ShouldBeTrue(member.Key);
        }

        JsonNode.DeepEquals(await server.GetAsync($"{Deployments}name/others/nightly"), changed).ShouldBeTrue();
    }

    [Theory]
    [InlineData(""" "work_pool_name": "pool" """, 404, "Work pool \"pool\" not found.")]
    [InlineData(""" "work_queue_name": "q" """, 422, "There are no work queues yet")]
    [InlineData(""" "storage_document_id": "0190a000-0000-7000-8000-000000000001" """, 409, "there is no block document")]
    [InlineData(""" "global_concurrency_limit_id": "0190a000-0000-7000-8000-000000000001" """, 404, "Concurrency limit not found")]
    public async Task Create_WithWhatIsNotThere_IsRefusedAndWritesNothing(string member, int status, string reason)
    {
        await using var server = await ApiServer.StartAsync();
        var flow = await RemoteFlowAsync(server);

        (await CreateAsync(server, flow, member, (HttpStatusCode)status)).Text("detail").ShouldContain(reason);

        await server.GetAsync($"{Deployments}name/others/nightly", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Create_WithoutItsFlow_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();

        (await CreateAsync(server, $"{Guid.Empty}", """ "version": "1" """, HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldContain("no flow");
    }

    [Fact]
    public async Task Update_SomeMembers_LeavesTheOthers()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (
            await CreateAsync(server, await RemoteFlowAsync(server), """ "version": "1", "description": "d", "concurrency_limit": 1 """)
        ).Text("id");

        await server.PatchAsync(
            $"{Deployments}{id}",
            """{"description": null, "tags": ["b"], "concurrency_limit": null, "paused": true}""",
            HttpStatusCode.NoContent
        );

        var changed = await server.GetAsync($"{Deployments}{id}");
        changed.Text("version").ShouldBe("1");
        changed!["description"].ShouldBeNull();
        changed["global_concurrency_limit"].ShouldBeNull();
        changed["paused"]!.GetValue<bool>().ShouldBeTrue();
        changed["tags"]!.ToJsonString().ShouldBe("""["b"]""");
    }

    [Fact]
    public async Task Update_ParametersAgainstTheSchema_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"{Deployments}{server.Registered.Id}";

        // The runs may give what the deployment leaves out.
        await server.PatchAsync(path, """{"parameters": {"name": "x"}}""", HttpStatusCode.NoContent);
        (await server.PatchAsync(path, """{"parameters": {"name": 1}}""", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldContain("1 is not of type 'string'");
        await server.PatchAsync($"{Deployments}{Guid.Empty}", """{"paused": true}""", HttpStatusCode.NotFound);

        (await server.GetAsync(path))!["parameters"]!.ToJsonString().ShouldBe("""{"name":"x"}""");
    }

    [Theory]
    [InlineData("""{"__prefect_kind": "json", "value": "[1e400]"}""", "Error hydrating deployment parameters: Invalid JSON: ")]
    [InlineData("""{"__prefect_kind": "jinja", "template": "{{ x }}"}""", "Error hydrating deployment parameters: ")]
    public async Task Update_ParameterThatCannotBeMade_IsRefused(string parameter, string reason)
    {
        await using var server = await ApiServer.StartAsync();

        (
            await server.PatchAsync(
                $"{Deployments}{server.Registered.Id}",
                $$"""{"parameters": {"name": {{parameter}} } }""",
                HttpStatusCode.BadRequest
            )
        )
            .Text("detail")
            .ShouldStartWith(reason);
    }

    [Fact]
    public async Task Create_OfARegisteredFlow_IsReady()
    {
        await using var server = await ApiServer.StartAsync();

        (await CreateAsync(server, $"{server.Registered.FlowId}", """ "version": "1" """)).Text("status").ShouldBe("READY");
    }

    [Fact]
    public async Task Delete_MoreWaitingRunsThanAPage_LeavesThoseThatHaveBegun()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await CreateAsync(server, await RemoteFlowAsync(server), """ "enforce_parameter_schema": false """)).Text("id");
        var path = $"{Deployments}{id}/create_flow_run";
        var retried = (await server.PostAsync(path, "{}", HttpStatusCode.Created)).Text("id");
        foreach (var state in (string[])["PENDING", "RUNNING"])
        {
            await server.PostAsync(
                $"/api/flow_runs/{retried}/set_state",
                $$$"""{"state": {"type": "{{{state}}}"}}""",
                HttpStatusCode.Created
            );
        }

        await server.PostAsync(
            $"/api/flow_runs/{retried}/set_state",
            """{"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": true}""",
            HttpStatusCode.Created
        );
        for (var i = 0; i < 3; i++)
        {
            var many = $"[{string.Join(',', Enumerable.Repeat("{}", 100))}]";
            await server.PostAsync($"{path}/bulk", many);
        }

        await server.DeleteAsync($"{Deployments}{id}", HttpStatusCode.NoContent);

        var left = await server.PostAsync("/api/flow_runs/filter", $$"""{"flow_runs": {"deployment_id": {"any_": ["{{id}}"]} } }""");
        left!.AsArray().ShouldHaveSingleItem().Text("id").ShouldBe(retried);
    }

    [Fact]
    public async Task PauseAndResume_Deployment_AnswerNull()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"{Deployments}{server.Registered.Id}";

        (await server.PostAsync($"{path}/pause_deployment", "")).ShouldBeNull();
        (await server.GetAsync(path))!["paused"]!.GetValue<bool>().ShouldBeTrue();
        await server.PostAsync($"{path}/resume_deployment", "");

        (await server.GetAsync(path))!["paused"]!.GetValue<bool>().ShouldBeFalse();
        await server.PostAsync($"{Deployments}{Guid.Empty}/pause_deployment", "", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Delete_Deployment_TakesItsLimitAndWaitingRunsAlong()
    {
        await using var server = await ApiServer.StartAsync();
        var flow = await RemoteFlowAsync(server);
        var id = (await CreateAsync(server, flow, """ "concurrency_limit": 1, "enforce_parameter_schema": false """)).Text("id");
        var waiting = await server.PostAsync($"{Deployments}{id}/create_flow_run", "{}", HttpStatusCode.Created);
        var pending = await server.PostAsync(
            $"{Deployments}{id}/create_flow_run",
            """{"state": {"type": "PENDING"}}""",
            HttpStatusCode.Created
        );

        await server.DeleteAsync($"{Deployments}{id}", HttpStatusCode.NoContent);

        await server.GetAsync($"{Deployments}{id}", HttpStatusCode.NotFound);
        await server.GetAsync($"{Deployments}name/others/nightly", HttpStatusCode.NotFound);
        await server.GetAsync($"/api/flow_runs/{waiting.Text("id")}", HttpStatusCode.NotFound);
        await server.GetAsync($"/api/flow_runs/{pending.Text("id")}");
        await server.GetAsync($"/api/v2/concurrency_limits/deployment:{id}", HttpStatusCode.NotFound);
        await server.DeleteAsync($"{Deployments}{id}", HttpStatusCode.NotFound);

        // The name is free again.
        (await CreateAsync(server, flow, """ "version": "1" """))
            .Text("id")
            .ShouldNotBe(id);
    }

    [Fact]
    public async Task BulkDelete_SomeOfThem_TellsWhich()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await CreateAsync(server, await RemoteFlowAsync(server), """ "tags": ["old"] """)).Text("id");

        var answer = await server.PostAsync($"{Deployments}bulk_delete", """{"deployments": {"tags": {"all_": ["old"]}}}""");

        answer!["deleted"]!.ToJsonString().ShouldBe($"""["{id}"]""");
        (await server.PostAsync($"{Deployments}count", "{}"))!.GetValue<int>().ShouldBe(1);
        await server.PostAsync($"{Deployments}bulk_delete", """{"limit": 51}""", HttpStatusCode.UnprocessableContent);
    }

    [Fact]
    public async Task Paginate_TwoDeployments_TellsPagesAndCount()
    {
        await using var server = await ApiServer.StartAsync();
        await CreateAsync(server, await RemoteFlowAsync(server), """ "version": "1" """);

        var second = await server.PostAsync($"{Deployments}paginate", """{"limit": 1, "page": 2}""");

        second!["results"]!.AsArray().ShouldHaveSingleItem().Text("name").ShouldBe("nightly");
        (second["count"]!.GetValue<int>(), second["pages"]!.GetValue<int>(), second["page"]!.GetValue<int>()).ShouldBe((2, 2, 2));
        await server.PostAsync($"{Deployments}paginate", """{"page": 0}""", HttpStatusCode.UnprocessableContent);
    }

    [Fact]
    public async Task GetScheduledFlowRuns_OfARemoteFlow_GivesWhatIsDueAndMakesItReady()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await CreateAsync(server, await RemoteFlowAsync(server), """ "enforce_parameter_schema": false """)).Text("id");
        var run = await server.PostAsync($"{Deployments}{id}/create_flow_run", "{}", HttpStatusCode.Created);
        var poll = $$"""{"deployment_ids": ["{{id}}"], "scheduled_before": "{{server.Time.GetUtcNow():O}}"}""";

        var due = await server.PostAsync($"{Deployments}get_scheduled_flow_runs", poll);

        due!.AsArray().ShouldHaveSingleItem().Text("id").ShouldBe(run.Text("id"));
        var ready = await server.GetAsync($"{Deployments}{id}");
        ready.Text("status").ShouldBe("READY");
        ready!["last_polled"].ShouldNotBeNull();
        server.Time.Advance(TimeSpan.FromSeconds(61));
        (await server.GetAsync($"{Deployments}{id}")).Text("status").ShouldBe("NOT_READY");
    }

    [Fact]
    public async Task CreateFlowRunBulk_OneIsWrong_CreatesTheOthers()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"{Deployments}{server.Registered.Id}/create_flow_run/bulk";

        var answer = await server.PostAsync(path, """[{"parameters": {"count": 1}}, {"parameters": {"count": "x"}}]""");

        var results = answer!["results"]!.AsArray();
        results.Select(result => result.Text("status")).ShouldBe(["CREATED", "FAILED"]);
        await server.GetAsync($"/api/flow_runs/{results[0].Text("flow_run_id")}");
        results[1].Text("error").ShouldContain("'x' is not of type 'integer'");
        await server.PostAsync($"{Deployments}{Guid.Empty}/create_flow_run/bulk", "[]", HttpStatusCode.NotFound);
    }

    private static async Task<string> RemoteFlowAsync(TestServer server) =>
        (await server.PostAsync("/api/flows/", """{"name": "others"}""", HttpStatusCode.Created)).Text("id")!;

    private static Task<JsonNode?> CreateAsync(
        TestServer server,
        string flow,
        string members,
        HttpStatusCode status = HttpStatusCode.Created
    ) => server.PostAsync(Deployments, $$"""{"name": "nightly", "flow_id": "{{flow}}", {{members}}}""", status);
}
