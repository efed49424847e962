using System.Net;

namespace Serverless.Api.Tests;

/// <summary>The pages of flows, flow runs and task runs.</summary>
public sealed class PaginateApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Paginate_FlowRuns_GivesThePageAndHowManyThereAre()
    {
        List<string> ids = [];
        for (var i = 0; i < 5; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            ids.Add((await server.CreateRemoteAsync()).Id.ToString());
        }

        var page = await server.PostAsync("/api/flow_runs/paginate", """{"limit": 2, "page": 3, "offset": 7}""");

        page!["results"]!.AsArray().Select(run => run.Text("id")).ShouldBe([ids[0]]);
        page.AsObject().Remove("results");
        page.ToJsonString().ShouldBe("""{"count":5,"limit":2,"pages":3,"page":3}""");
    }

    [Fact]
    public async Task Paginate_TaskRuns_FiltersAndSorts()
    {
        var run = await server.CreateRunningAsync();
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 0));
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 1));

        var page = await server.PostAsync(
            "/api/task_runs/paginate",
            $$$"""{"sort": "NAME_DESC", "limit": 1, "flow_runs": {"id": {"any_": ["{{{run.Id}}}"]} } }"""
        );

        page!["results"]!.AsArray().Select(task => task.Text("name")).ShouldBe(["task-1"]);
        (page["count"]!.GetValue<int>(), page["pages"]!.GetValue<int>()).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Paginate_Flows_IsByName()
    {
        var page = await server.PostAsync("/api/flows/paginate", null);

        page!["results"]!.AsArray().Select(flow => flow.Text("name")).ShouldBe(["hello", "remote"]);
        page["limit"]!.GetValue<int>().ShouldBe(200);
    }

    [Fact]
    public async Task Count_Flows_CountsWhatMatches()
    {
        (await server.PostAsync("/api/flows/count", null))!.GetValue<int>().ShouldBe(2);
        (await server.PostAsync("/api/flows/count", """{"flows": {"name": {"any_": ["remote"]}}}"""))!.GetValue<int>().ShouldBe(1);
        (await server.PostAsync("/api/flows/count", """{"deployments": {}}"""))!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("flows")]
    [InlineData("flow_runs")]
    [InlineData("task_runs")]
    public async Task Paginate_Edges_AreAsThoseOfPrefect(string what)
    {
        var path = $"/api/{what}/paginate";
        var none = await server.PostAsync(path, """{"limit": 0, "page": null, "sort": null}""");
        none!["results"]!.AsArray().ShouldBeEmpty();
        (none["pages"]!.GetValue<int>(), none["page"]!.GetValue<int>()).ShouldBe((0, 1));
        (await server.PostAsync(path, """{"page": 2147483647}"""))!["results"]!.AsArray().ShouldBeEmpty();
        (await server.PostAsync(path, """{"page": 0}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("greater_than_equal", "body.page")]);
        (await server.PostAsync(path, """{"limit": 201}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("Invalid limit: must be less than or equal to 200.");
    }
}
