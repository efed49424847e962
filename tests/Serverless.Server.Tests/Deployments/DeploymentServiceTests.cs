using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;

namespace Serverless.Server.Tests.Deployments;

public sealed class DeploymentServiceTests
{
    [Fact]
    public async Task Ensure_Unchanged_WritesNothing()
    {
        await using var server = await TestServer.StartAsync();
        var commits = server.Store.Commits;

        var again = await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = "hello",
                    ParameterSchemaJson = TestServer.Schema,
                    Tags = ["sample"],
                }
            );

        again.Id.ShouldBe(server.Registered.Id);
        server.Store.Commits.ShouldBe(commits);
    }

    [Fact]
    public async Task Ensure_Changed_KeepsTheId()
    {
        await using var server = await TestServer.StartAsync();
        server.Time.Advance(TimeSpan.FromDays(1));

        var changed = await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = "hello",
                    ParameterSchemaJson = "{}",
                    Description = "new",
                }
            );

        changed.Id.ShouldBe(server.Registered.Id);
        changed.Created.ShouldBe(server.Registered.Created);
        var stored = (await server.Get<DeploymentService>().GetAsync(changed.Id)).ShouldNotBeNull();
        stored.Description.ShouldBe("new");
        stored.Updated.ShouldBe(server.Time.GetUtcNow());
        stored.Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Filter_ByNameAndFlow_FindsThem()
    {
        await using var server = await TestServer.StartAsync();
        await server
            .Get<DeploymentService>()
            .EnsureDeploymentAsync(
                new DeploymentSpec
                {
                    FlowName = "other",
                    Name = "nightly",
                    ParameterSchemaJson = "{}",
                }
            );
        await server.CreateRegisteredAsync();
        var queries = server.Get<DeploymentQueries>();

        (await NamesAsync(new DeploymentQuery())).ShouldBe(["default", "nightly"]);
        (await NamesAsync(new DeploymentQuery { Sort = DeploymentSort.NameDesc, Limit = 1 })).ShouldBe(["nightly"]);
        (await NamesAsync(new DeploymentQuery { Flows = new FlowFilter { Name = new TextFilter { Any = ["other"] } } })).ShouldBe([
            "nightly",
        ]);
        (
            await NamesAsync(
                new DeploymentQuery { Deployments = new DeploymentFilter { FlowOrDeploymentName = new TextFilter { Like = "hel" } } }
            )
        ).ShouldBe(["default"]);
        (await NamesAsync(new DeploymentQuery { FlowRuns = new FlowRunFilter() })).ShouldBe(["default"]);

        async Task<IEnumerable<string>> NamesAsync(DeploymentQuery query) =>
            (await queries.FilterAsync(query)).Select(deployment => deployment.Name);
    }
}
