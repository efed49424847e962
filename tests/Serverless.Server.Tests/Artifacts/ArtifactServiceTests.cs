using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Server.Tests.Artifacts;

public sealed class ArtifactServiceTests
{
    [Fact]
    public async Task Create_Repeated_GivesTheFirst()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var artifacts = server.Get<ArtifactService>();

        var first = await artifacts.CreateAsync(
            new Artifact
            {
                Id = run.Id,
                Key = "one",
                FlowRunId = run.Id,
            }
        );
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await artifacts.CreateAsync(
            new Artifact
            {
                Id = run.Id,
                Key = "two",
                FlowRunId = run.Id,
            }
        );

        second.ShouldNotBeNull().Key.ShouldBe("one");
        second.Created.ShouldBe(first.ShouldNotBeNull().Created);
        (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactQuery())).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_OfADeletedRun_AnswersNull()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        await server.Runs.DeleteAsync(run.Id);

        (await server.Get<ArtifactService>().CreateAsync(new Artifact { Id = Guid.Empty, FlowRunId = run.Id })).ShouldBeNull();
    }

    [Fact]
    public async Task Filter_ByEachIndex_FindsThem()
    {
        await using var server = await TestServer.StartAsync();
        var run = await server.CreateRunningAsync();
        var artifacts = server.Get<ArtifactService>();
        var taskRunId = TestServer.StartOf(run.Id).TaskRunId;
        await artifacts.CreateAsync(
            new Artifact
            {
                Id = Guid.Empty,
                Key = "a",
                Type = "table",
                FlowRunId = run.Id,
            }
        );
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await artifacts.CreateAsync(
            new Artifact
            {
                Id = Guid.Empty,
                Key = "b",
                Type = "link",
                FlowRunId = run.Id,
                TaskRunId = taskRunId,
            }
        );
        var lone = await artifacts.CreateAsync(new Artifact { Id = Guid.Empty, Key = "c" });

        (await KeysAsync(new ArtifactFilter())).ShouldBe(["a", "b", "c"]);
        (await KeysAsync(new ArtifactFilter { FlowRunId = new IdFilter { Any = [run.Id] } })).ShouldBe(["a", "b"]);
        (await KeysAsync(new ArtifactFilter { TaskRunId = new IdFilter { Any = [taskRunId] } })).ShouldBe(["b"]);
        (await KeysAsync(new ArtifactFilter { Key = new TextFilter { Any = ["c", "d"] } })).ShouldBe(["c"]);
        (await KeysAsync(new ArtifactFilter { Id = new IdFilter { Any = [lone!.Id] } })).ShouldBe(["c"]);
        (await KeysAsync(new ArtifactFilter { Type = new TextFilter { Any = ["table"] } })).ShouldBe(["a"]);
        (await KeysAsync(new ArtifactFilter(), new FlowFilter { Name = new TextFilter { Any = ["hello"] } })).ShouldBe(["a", "b"]);

        async Task<IEnumerable<string?>> KeysAsync(ArtifactFilter filter, FlowFilter? flows = null) =>
            (
                await server
                    .Get<ArtifactQueries>()
                    .FilterAsync(
                        new ArtifactQuery
                        {
                            Artifacts = filter,
                            Flows = flows,
                            Sort = ArtifactSort.KeyAsc,
                        }
                    )
            ).Select(artifact => artifact.Key);
    }
}
