using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Flows;

namespace Serverless.Server.Tests.Flows;

public sealed class FlowServiceTests
{
    [Fact]
    public async Task Create_SameNameAtOnce_IsOneFlow()
    {
        await using var server = await TestServer.StartAsync();
        var flows = server.Get<FlowService>();

        var created = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => flows.CreateAsync(new FlowCreate { Name = "new", Tags = ["a"] })))
        );

        created.Count(each => each.Created).ShouldBe(1);
        var stored = (await flows.GetAsync(created[0].Flow.Id)).ShouldNotBeNull();
        created.ShouldAllBe(each => each.Flow.Id == stored.Id);
        stored.Tags.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Filter_ByWhatBelongsToTheFlow_FindsThem()
    {
        await using var server = await TestServer.StartAsync();
        await server.CreateRemoteAsync();
        var queries = server.Get<FlowQueries>();

        (await NamesAsync(new FlowQuery())).ShouldBe(["hello", "remote"]);
        (await NamesAsync(new FlowQuery { Offset = 1 })).ShouldBe(["remote"]);
        (await NamesAsync(new FlowQuery { Deployments = new DeploymentFilter() })).ShouldBe(["hello"]);
        (await NamesAsync(new FlowQuery { FlowRuns = new FlowRunFilter() })).ShouldBe(["remote"]);
        (await NamesAsync(new FlowQuery { Flows = new FlowFilter { Deployment = new FlagFilter { IsNull = true } } })).ShouldBe(["remote"]);

        async Task<IEnumerable<string>> NamesAsync(FlowQuery query) => (await queries.FilterAsync(query)).Select(flow => flow.Name);
    }
}
