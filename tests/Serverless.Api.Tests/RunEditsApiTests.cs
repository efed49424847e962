using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

/// <summary>What clients change of flow runs and task runs besides their states.</summary>
public sealed class RunEditsApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Patch_FlowRun_ChangesWhatTheBodyHas()
    {
        var run = await server.CreateRemoteAsync();
        await PatchAsync(
            run.Id,
            """
            {"name": "other", "flow_version": "2", "parameters": {"x": [1]}, "empirical_policy": {"retries": 3, "pause_keys": ["p"]},
             "tags": ["a", "a", "b"], "infrastructure_pid": "pid"}
            """
        );
        var changed = await server.GetAsync($"/api/flow_runs/{run.Id}");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await PatchAsync(run.Id, """{"tags": ["c"], "parameters": null, "empirical_policy": null}""");

        (changed.Text("name"), changed.Text("flow_version"), changed.Text("infrastructure_pid")).ShouldBe(("other", "2", "pid"));
        changed!["parameters"]!.ToJsonString().ShouldBe("""{"x":[1]}""");
        changed["tags"]!.ToJsonString().ShouldBe("""["a","b"]""");
        changed["empirical_policy"]!["retries"]!.GetValue<int>().ShouldBe(3);
        var after = await server.GetAsync($"/api/flow_runs/{run.Id}");
        after!["tags"]!.ToJsonString().ShouldBe("""["c"]""");
        after.Text("updated").ShouldNotBe(changed.Text("updated"));
        foreach (var name in new[] { "tags", "updated", "estimated_start_time_delta" })
        {
            changed.AsObject().Remove(name);
            after.AsObject().Remove(name);
        }

        after.ToJsonString().ShouldBe(changed.ToJsonString());
    }

    [Fact]
    public async Task Patch_FlowRun_Null_TakesAway()
    {
        var run = await server.CreateRemoteAsync();
        await PatchAsync(run.Id, """{"name": "other", "flow_version": "2", "infrastructure_pid": "pid"}""");

        await PatchAsync(run.Id, """{"name": null, "flow_version": null, "infrastructure_pid": null}""");

        var after = (await server.Runs.GetAsync(run.Id))!;
        (after.Name, after.FlowVersion, after.InfrastructurePid).ShouldBe((run.Name, null, null));
    }

    [Fact]
    public async Task Patch_FlowRun_StaysInItsListsAndStates()
    {
        var run = await server.CreateRunningAsync();
        var states = await server.Runs.GetStatesAsync(run.Id);

        await PatchAsync(run.Id, """{"name": "other"}""");

        var listed = await server.PostAsync("/api/flow_runs/filter", """{"flow_runs": {"name": {"any_": ["other"]}}}""");
        listed!.AsArray().ShouldHaveSingleItem().Text("id").ShouldBe(run.Id.ToString());
        (await server.Runs.GetStatesAsync(run.Id)).ShouldBe(states);
        (await server.Runs.GetPermitAsync(run.Id)).RunCount.ShouldBe(run.RunCount);
    }

    [Fact]
    public async Task Patch_FlowRun_ChangedMeanwhile_KeepsBoth()
    {
        var run = await server.CreateRemoteAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.PostAsync($"/api/flow_runs/{run.Id}/set_state", """{"state": {"type": "RUNNING"}}""", HttpStatusCode.Created)
        );

        await PatchAsync(run.Id, """{"name": "other"}""");

        var after = (await server.Runs.GetAsync(run.Id))!;
        (after.Name, after.StateType).ShouldBe(("other", StateType.Running));
    }

    [Theory]
    [InlineData("""{"name": 1}""", "string_type", "body.name")]
    [InlineData("""{"state": {}}""", "extra_forbidden", "body.state")]
    [InlineData("""{"tags": "a"}""", "list_type", "body.tags")]
    public async Task Patch_FlowRun_Invalid_SaysWhatAndWhere(string body, string type, string location)
    {
        var run = await server.CreateRemoteAsync();

        (await server.PatchAsync($"/api/flow_runs/{run.Id}", body, HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task Patch_FlowRun_JobVariables_OnlyWhileScheduledAndOfADeployment()
    {
        const string Body = """{"job_variables": {"image": "x"}}""";
        var pending = await server.CreateRemoteAsync();
        var loose = await server.CreateRemoteAsync(ProposedStates.Scheduled());
        var mine = (await server.Runs.CreateFromDeploymentAsync(server.Registered.Id, new() { Parameters = Count }))!.Run;
        var deployment = await server.PostAsync(
            "/api/deployments/",
            $$"""{"name": "d", "flow_id": "{{server.Remote.Id}}"}""",
            HttpStatusCode.Created
        );
        var scheduled = (await server.Runs.CreateFromDeploymentAsync(Guid.Parse(deployment.Text("id")), new()))!.Run;

        await PatchAsync(scheduled.Id, Body);

        (await server.Runs.GetAsync(scheduled.Id))!.JobVariables["image"].GetString().ShouldBe("x");
        (await RefusedAsync(pending, HttpStatusCode.BadRequest)).ShouldBe(
            "Job variables for a flow run in state PENDING cannot be updated"
        );
        (await RefusedAsync(loose, HttpStatusCode.BadRequest)).ShouldBe("A deployment for the flow run could not be found");
        (await RefusedAsync(mine, HttpStatusCode.UnprocessableEntity)).ShouldContain("leave out job_variables");

        async Task<string> RefusedAsync(FlowRun run, HttpStatusCode expected) =>
            (await server.PatchAsync($"/api/flow_runs/{run.Id}", Body, expected)).Text("detail");
    }

    [Fact]
    public async Task Patch_NoSuchRun_IsNotFound()
    {
        var unknown = Guid.NewGuid();
        (await server.PatchAsync($"/api/flow_runs/{unknown}", """{"name": "n"}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Flow run not found");
        (await server.PatchAsync($"/api/task_runs/{unknown}", """{"name": "n"}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Task run not found");
        (await server.PatchAsync($"/api/flow_runs/{unknown}/labels", """{"a": 1}""", HttpStatusCode.NotFound))
            .Text("exception_message")
            .ShouldBe($"Flow run with id {unknown} not found");
    }

    [Fact]
    public async Task Labels_AreMerged()
    {
        var run = await server.CreateRemoteAsync();
        await LabelsAsync(run, """{"a": "x", "n": 1}""");
        await LabelsAsync(run, """{"a": true}""");

        (await server.GetAsync($"/api/flow_runs/{run.Id}"))!["labels"]!
            .ToJsonString()
            .ShouldBe($$"""{"prefect.flow.id":"{{server.Remote.Id}}","a":true,"n":1}""");

        Task LabelsAsync(FlowRun of, string body) => server.PatchAsync($"/api/flow_runs/{of.Id}/labels", body, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Labels_TooLargeTogether_AreRefused()
    {
        var run = await server.CreateRemoteAsync();
        var path = $"/api/flow_runs/{run.Id}/labels";
        var half = new string('x', RunEdits.MostLabelBytes / 2);
        await server.PatchAsync(path, $$"""{"a": ["{{half}}"]}""", HttpStatusCode.NoContent);

        (await server.PatchAsync(path, $$"""{"b": ["{{half}}"]}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("The labels of a flow run have at most 262144 bytes together.");
    }

    [Fact]
    public async Task Patch_TaskRun_RenamesIt_WhateverItsFlowRunDoes()
    {
        var run = await server.CreateRunningAsync();
        var task = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id)))!.TaskRun!;
        var path = $"/api/task_runs/{task.Id}";
        await server.PatchAsync(path, """{"name": "other"}""", HttpStatusCode.NoContent);
        (await server.TaskRuns.GetAsync(task.Id))!.Name.ShouldBe("other");
        await server.PostAsync($"/api/flow_runs/{run.Id}/cancel", null, HttpStatusCode.Created);

        await server.PatchAsync(path, """{"name": null}""", HttpStatusCode.NoContent);
        await server.PatchAsync(path, """{}""", HttpStatusCode.NoContent);

        (await server.TaskRuns.GetAsync(task.Id))!.Name.ShouldBe(RunNames.For(task.Id));
        (await server.PatchAsync(path, """{"state": 1}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("extra_forbidden", "body.state")]);
    }

    [Fact]
    public async Task Patch_TaskRun_WhileItsCodeRuns_ItEndsAsItWould()
    {
        var run = await server.CreateRunningAsync();
        var begun = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id)))!;
        await server.PatchAsync($"/api/task_runs/{begun.TaskRun!.Id}", """{"name": "other"}""", HttpStatusCode.NoContent);

        var answer = await server.Gate.EndTaskRunAsync(begun, ProposedStates.Completed());

        answer.ShouldBeOfType<GateAnswer.Accepted>();
        var after = (await server.TaskRuns.GetAsync(begun.TaskRun.Id))!;
        (after.Name, after.StateType).ShouldBe(("other", StateType.Completed));
    }

    [Fact]
    public async Task BulkDelete_DeletesTheNewestThatMatch()
    {
        List<FlowRun> runs = [];
        for (var i = 0; i < 4; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            runs.Add(await server.CreateRemoteAsync(i == 2 ? ProposedStates.Completed() : null));
        }

        var first = await DeleteAsync("""{"flow_runs": {"state": {"type": {"any_": ["PENDING"]}}}, "limit": 2}""");
        var rest = await DeleteAsync("{}");

        first.ShouldBe([runs[3].Id, runs[1].Id]);
        rest.ShouldBe([runs[2].Id, runs[0].Id]);
        (await DeleteAsync("{}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task BulkDelete_OneChangesMeanwhile_StaysUnlessItStillMatches()
    {
        var run = await server.CreateRemoteAsync();
        server.Store.Once(
            RunKeys.Runs,
            () => server.PostAsync($"/api/flow_runs/{run.Id}/set_state", """{"state": {"type": "RUNNING"}}""", HttpStatusCode.Created)
        );

        (await DeleteAsync("""{"flow_runs": {"state": {"type": {"any_": ["PENDING"]}}}}""")).ShouldBeEmpty();
        (await DeleteAsync("""{"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}}""")).ShouldBe([run.Id]);
    }

    [Theory]
    [InlineData("""{"limit": 0}""", "greater_than_equal", "body.limit")]
    [InlineData("""{"limit": 51}""", "less_than_equal", "body.limit")]
    [InlineData("""{"flow_runs": {"names": {}}}""", "extra_forbidden", "body.flow_runs.names")]
    public async Task BulkDelete_Invalid_SaysWhatAndWhere(string body, string type, string location) =>
        (await server.PostAsync("/api/flow_runs/bulk_delete", body, HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([(type, location)]);

    private static IReadOnlyDictionary<string, System.Text.Json.JsonElement> Count { get; } =
        new Dictionary<string, System.Text.Json.JsonElement> { ["count"] = System.Text.Json.JsonElement.Parse("1") };

    private Task<JsonNode?> PatchAsync(Guid id, string body) => server.PatchAsync($"/api/flow_runs/{id}", body, HttpStatusCode.NoContent);

    private async Task<IEnumerable<Guid>> DeleteAsync(string body) =>
        (await server.PostAsync("/api/flow_runs/bulk_delete", body))!["deleted"]!.AsArray().Select(id => id!.GetValue<Guid>());
}
