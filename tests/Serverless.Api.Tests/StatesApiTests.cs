using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Api.Tests;

public sealed class StatesApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Read_EveryStateOfFlowRuns_IsFoundByItsId()
    {
        FlowRun[] runs =
        [
            await server.CreateRunningAsync(),
            await server.CreateRunningAsync(),
            await server.CreateRemoteAsync(ProposedStates.Running()),
        ];

        foreach (var run in runs)
        {
            var states = await server.Runs.GetStatesAsync(run.Id);
            states.ShouldNotBeEmpty();
            foreach (var state in states)
            {
                var shown = await server.GetAsync($"/api/flow_run_states/{state.Id}");
                (shown.Text("id"), shown!["state_details"]!.Text("flow_run_id")).ShouldBe((state.Id.ToString(), run.Id.ToString()));
                await server.GetAsync($"/api/task_run_states/{state.Id}", HttpStatusCode.NotFound);
            }
        }
    }

    [Fact]
    public async Task Read_EveryStateOfTaskRuns_IsFoundByItsId()
    {
        var flowRun = await server.CreateRemoteAsync(ProposedStates.Running());
        foreach (var owner in new[] { $"\"{flowRun.Id}\"", "null" })
        {
            for (var key = 0; key < 3; key++)
            {
                var run = await server.PostAsync(
                    "/api/task_runs/",
                    $$"""{"flow_run_id": {{owner}}, "task_key": "t", "dynamic_key": "{{key}}"}""",
                    HttpStatusCode.Created
                );
                await server.PostAsync(
                    $"/api/task_runs/{run.Text("id")}/set_state",
                    """{"state": {"type": "RUNNING"} }""",
                    HttpStatusCode.Created
                );

                var states = (await server.GetAsync($"/api/task_run_states/?task_run_id={run.Text("id")}"))!.AsArray();
                states.Count.ShouldBe(2);
                foreach (var state in states)
                {
                    JsonNode.DeepEquals(await server.GetAsync($"/api/task_run_states/{state.Text("id")}"), state).ShouldBeTrue();
                }
            }
        }
    }

    [Fact]
    public async Task Read_UnknownOrOfADeletedRun_IsNotFound()
    {
        var run = await server.CreateRemoteAsync();
        await server.Runs.DeleteAsync(run.Id);

        (await server.GetAsync($"/api/flow_run_states/{run.StateId}", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Flow run state not found");
        (await server.GetAsync($"/api/task_run_states/{Guid.NewGuid()}", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Task run state not found");
    }
}
