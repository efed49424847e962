using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Api.Tests;

/// <summary>What Prefect's pages ask for besides the public operations.</summary>
public sealed class UiApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task FlowRunHistory_GivesRunsInFewWords_LatestStartFirst()
    {
        var first = await server.CreateRemoteAsync(ProposedStates.Running());
        server.Time.Advance(TimeSpan.FromSeconds(2));
        var second = await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(3));

        var all = (await server.PostAsync("/api/ui/flow_runs/history", """{"sort": null, "limit": 1000}"""))!.AsArray();
        var one = (await server.PostAsync("/api/ui/flow_runs/history", """{"sort": "EXPECTED_START_TIME_ASC", "limit": 1}"""))!.AsArray();

        all.Select(run => run.Text("id")).ShouldBe([second.Id.ToString(), first.Id.ToString()]);
        all[0]!
            .ToJsonString()
            .ShouldBe(
                $$"""{"id":"{{second.Id}}","state_type":"PENDING","timestamp":{{second.ExpectedStartTime.ToJson()}},"duration":0,"lateness":3}"""
            );
        all[1]!["duration"]!.GetValue<double>().ShouldBe(5);
        one.ShouldHaveSingleItem().Text("id").ShouldBe(first.Id.ToString());
        (await server.PostAsync("/api/ui/flow_runs/history", """{"limit": 1001}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("less_than_equal", "body.limit")]);
    }

    [Fact]
    public async Task FlowRunHistory_OfRunsWithLargeParameters_FitsInAPage()
    {
        var value = new string('x', 400_000);
        for (var i = 0; i < 90; i++)
        {
            await server.PostAsync(
                "/api/flow_runs/",
                $$"""{"flow_id": "{{server.Remote.Id}}", "parameters": {"x": "{{value}}"} }""",
                HttpStatusCode.Created
            );
        }

        (await server.PostAsync("/api/ui/flow_runs/history", "{}"))!.AsArray().Count.ShouldBe(90);
        (await server.PostAsync("/api/ui/flow_runs/history", """{"sort": "NAME_ASC"}"""))!.AsArray().Count.ShouldBe(90);
    }

    [Fact]
    public async Task CountTaskRuns_LeavesOutThoseOfSubflows()
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var other = Guid.NewGuid();
        await TaskAsync(run, "a");
        var standIn = await TaskAsync(run, "b");
        await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{server.Remote.Id}}", "parent_task_run_id": "{{standIn}}"}""",
            HttpStatusCode.Created
        );

        var counts = await server.PostAsync("/api/ui/flow_runs/count-task-runs", $$"""{"flow_run_ids": ["{{run.Id}}", "{{other}}"]}""");

        counts!.ToJsonString().ShouldBe($$"""{"{{run.Id}}":1,"{{other}}":0}""");
        (await server.PostAsync("/api/ui/flow_runs/count-task-runs", "{}", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("missing", "body.flow_run_ids")]);
        var many = string.Join(',', Enumerable.Repeat($"\"{other}\"", 201));
        (
            await server.PostAsync(
                "/api/ui/flow_runs/count-task-runs",
                $$"""{"flow_run_ids": [{{many}}]}""",
                HttpStatusCode.UnprocessableEntity
            )
        )
            .Errors()
            .ShouldBe([("too_long", "body.flow_run_ids")]);
    }

    [Fact]
    public async Task CountDeployments_CountsThoseOfEachFlow()
    {
        var counts = await server.PostAsync(
            "/api/ui/flows/count-deployments",
            $$"""{"flow_ids": ["{{server.Registered.FlowId}}", "{{server.Remote.Id}}"]}"""
        );

        counts!.ToJsonString().ShouldBe($$"""{"{{server.Registered.FlowId}}":1,"{{server.Remote.Id}}":0}""");
    }

    [Fact]
    public async Task NextRuns_AreThoseThatAreDueFirst()
    {
        var now = server.Time.GetUtcNow();
        await server.CreateRemoteAsync(ProposedStates.Scheduled(now.AddHours(2)));
        var next = await server.CreateRemoteAsync(ProposedStates.Scheduled(now.AddHours(1)));

        var runs = await server.PostAsync(
            "/api/ui/flows/next-runs",
            $$"""{"flow_ids": ["{{server.Remote.Id}}", "{{server.Registered.FlowId}}"]}"""
        );

        runs!
            .ToJsonString()
            .ShouldBe(
                $$$"""{"{{{server.Remote.Id}}}":{"id":"{{{next.Id}}}","flow_id":"{{{server.Remote.Id}}}","name":"{{{next.Name}}}","state_name":"Scheduled","state_type":"SCHEDULED","next_scheduled_start_time":{{{next.NextScheduledStartTime.ToJson()}}} },"{{{server.Registered.FlowId}}}":null}""".Replace(
                    " }",
                    "}",
                    StringComparison.Ordinal
                )
            );
    }

    [Fact]
    public async Task Dashboard_CountsEndedTaskRunsInTwentyParts()
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var start = server.Time.GetUtcNow();
        await TaskAsync(run, "a", "COMPLETED");
        await TaskAsync(run, "b", "FAILED");
        await TaskAsync(run, "c");
        server.Time.Advance(TimeSpan.FromMinutes(19));
        await TaskAsync(run, "d", "CRASHED");
        await TaskAsync(run, "e", "CANCELLED");

        var counts = await DashboardAsync(
            $$"""{"start_time": {"after_": "{{start:O}}", "before_": "{{start.AddMinutes(19):O}}"}, "state": {"type": {"any_": ["RUNNING"]} } }"""
        );

        counts.Count.ShouldBe(20);
        counts[0]!.ToJsonString().ShouldBe("""{"completed":1,"failed":1}""");
        counts[19]!.ToJsonString().ShouldBe("""{"completed":1,"failed":1}""");
        counts.Skip(1).Take(18).ShouldAllBe(part => part!.ToJsonString() == """{"completed":0,"failed":0}""");
        (await server.PostAsync("/api/ui/task_runs/dashboard/counts", """{"task_runs": {}}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("task_runs.start_time.after_ is required");
        (await server.PostAsync("/api/ui/task_runs/dashboard/counts", "{}", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("missing", "body.task_runs")]);
    }

    [Fact]
    public async Task CountByState_HasAllStates()
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        await TaskAsync(run, "a", "COMPLETED");
        await TaskAsync(run, "b");

        (await server.PostAsync("/api/ui/task_runs/count", null))!
            .ToJsonString()
            .ShouldBe(
                """{"COMPLETED":1,"PENDING":0,"RUNNING":1,"FAILED":0,"CANCELLED":0,"CRASHED":0,"PAUSED":0,"CANCELLING":0,"SCHEDULED":0}"""
            );
    }

    [Fact]
    public async Task TaskRun_HasTheNameOfItsFlowRun()
    {
        var run = await server.CreateRemoteAsync(ProposedStates.Running());
        var task = await TaskAsync(run, "a");

        var shown = await server.GetAsync($"/api/ui/task_runs/{task}");

        (shown.Text("id"), shown.Text("flow_run_name")).ShouldBe(($"{task}", run.Name));
        (await server.GetAsync($"/api/ui/task_runs/{run.Id}", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Task not found");
    }

    private async Task<JsonArray> DashboardAsync(string filter) =>
        (await server.PostAsync("/api/ui/task_runs/dashboard/counts", $$"""{"task_runs": {{filter}} }"""))!.AsArray();

    /// <summary>A task run that began now, and is in a state.</summary>
    private async Task<Guid> TaskAsync(FlowRun run, string name, string state = "RUNNING")
    {
        var created = await server.PostAsync(
            "/api/task_runs/",
            $$"""{"flow_run_id": "{{run.Id}}", "name": "{{name}}", "task_key": "{{name}}", "dynamic_key": "0", "state": {"type": "RUNNING"} }""",
            HttpStatusCode.Created
        );
        var id = Guid.Parse(created.Text("id"));
        if (state != "RUNNING")
        {
            await server.PostAsync(
                $"/api/task_runs/{id}/set_state",
                $$"""{"state": {"type": "{{state}}"}, "force": true}""",
                HttpStatusCode.Created
            );
        }

        return id;
    }
}
