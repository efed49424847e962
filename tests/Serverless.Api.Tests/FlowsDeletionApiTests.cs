using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

/// <summary>Changes and deletions of flows.</summary>
public sealed class FlowsDeletionApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    private string Remote => $"/api/flows/{server.Remote.Id}";

    [Fact]
    public async Task Patch_SetsTheTags()
    {
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.PatchAsync(Remote, """{"tags": ["a", "a", "b"]}""", HttpStatusCode.NoContent);
        await server.PatchAsync(Remote, "{}", HttpStatusCode.NoContent);
        await server.PatchAsync(Remote, """{"tags": null}""", HttpStatusCode.NoContent);

        var flow = await server.GetAsync(Remote);
        flow!["tags"]!.ToJsonString().ShouldBe("""["a","b"]""");
        flow.Text("updated").ShouldNotBe(flow.Text("created"));
        (await server.PatchAsync(Remote, """{"name": "x"}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("extra_forbidden", "body.name")]);
        (await server.PatchAsync($"/api/flows/{Guid.NewGuid()}", "{}", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow not found");
    }

    [Fact]
    public async Task Delete_TakesDeploymentsAndRunsAlong()
    {
        var deployment = await server.PostAsync(
            "/api/deployments/",
            $$"""{"name": "d", "flow_id": "{{server.Remote.Id}}"}""",
            HttpStatusCode.Created
        );
        var running = await server.CreateRemoteAsync(ProposedStates.Running());
        var done = await server.CreateRemoteAsync(ProposedStates.Completed());
        var other = await server.CreateRegisteredAsync();

        await server.DeleteAsync(Remote, HttpStatusCode.NoContent);

        await server.GetAsync(Remote, HttpStatusCode.NotFound);
        await server.GetAsync("/api/flows/name/remote", HttpStatusCode.NotFound);
        await server.GetAsync($"/api/deployments/{deployment.Text("id")}", HttpStatusCode.NotFound);
        (await server.Runs.GetAsync(running.Id)).ShouldBeNull();
        (await server.Runs.GetAsync(done.Id)).ShouldBeNull();
        (await server.Runs.GetAsync(other.Id)).ShouldNotBeNull();
        (await server.DeleteAsync(Remote, HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow not found");
    }

    [Fact]
    public async Task Delete_TheNameIsFree_ForAnotherFlow()
    {
        await server.DeleteAsync(Remote, HttpStatusCode.NoContent);

        var again = await server.PostAsync("/api/flows/", """{"name": "remote"}""", HttpStatusCode.Created);

        again.Text("id").ShouldNotBe(server.Remote.Id.ToString());
        await server.GetAsync(Remote, HttpStatusCode.NotFound);
        (await server.GetAsync("/api/flows/name/remote")).Text("id").ShouldBe(again.Text("id"));
    }

    [Fact]
    public async Task Delete_ARegisteredFlow_IsRefused()
    {
        var path = $"/api/flows/{server.Registered.FlowId}";

        (await server.DeleteAsync(path, HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe(
                "Error deleting flow: 'hello' is part of this app's code, which would create it again. Remove it from the code first."
            );

        await server.GetAsync(path);
    }

    [Fact]
    public async Task Delete_RunCreatedMeanwhile_GoesToo()
    {
        FlowRun? late = null;
        server.Store.Once(FlowKeys.Flows, async () => late = await server.CreateRemoteAsync());

        await server.DeleteAsync(Remote, HttpStatusCode.NoContent);

        (await server.Runs.GetAsync(late!.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Delete_MoreRunsThanAMinuteTakes_IsContinuedByTheNextRequest()
    {
        for (var i = 0; i < 3; i++)
        {
            await server.CreateRemoteAsync();
        }

        server.Store.Once(
            RunKeys.Runs,
            () =>
            {
                server.Time.Advance(FlowControl.LongestTime + TimeSpan.FromSeconds(1));
                return Task.CompletedTask;
            }
        );

        (await server.DeleteAsync(Remote, HttpStatusCode.ServiceUnavailable))
            .Text("detail")
            .ShouldBe("The flow has many runs: 1 are gone, more are left. Repeat the request.");
        (await server.GetAsync(Remote)).ShouldNotBeNull();
        await server.DeleteAsync(Remote, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task BulkDelete_LeavesRegisteredFlowsAndThoseBeyondTheLimit()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await server.PostAsync("/api/flows/", $$"""{"name": "{{name}}"}""", HttpStatusCode.Created);
        }

        (await DeleteAsync("""{"limit": 2}""")).Count.ShouldBe(2);
        (await NamesAsync()).ShouldBe(["c", "hello", "remote"]);
        (await DeleteAsync("""{"flows": {"name": {"any_": ["hello", "remote"]}}}""")).Count.ShouldBe(1);
        (await DeleteAsync(null)).Count.ShouldBe(1);
        (await DeleteAsync(null)).ShouldBeEmpty();
        (await NamesAsync()).ShouldBe(["hello"]);
    }

    [Theory]
    [InlineData("""{"limit": 0}""", "greater_than_equal")]
    [InlineData("""{"limit": 51}""", "less_than_equal")]
    public async Task BulkDelete_LimitOutOfBounds_IsRefused(string body, string type) =>
        (await server.PostAsync("/api/flows/bulk_delete", body, HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([(type, "body.limit")]);

    private async Task<JsonArray> DeleteAsync(string? body) =>
        (await server.PostAsync("/api/flows/bulk_delete", body))!["deleted"]!.AsArray();

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await server.PostAsync("/api/flows/filter", null))!.AsArray().Select(flow => flow.Text("name"));
}
