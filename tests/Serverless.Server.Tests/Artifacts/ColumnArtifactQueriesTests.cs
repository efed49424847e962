using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Server.Tests.Artifacts;

/// <summary>Lists of a store that keeps columns.</summary>
public sealed class ColumnArtifactQueriesTests() : ArtifactQueriesTests(columns: true)
{
    /// <summary>One question each, whatever else is there, and no list rows.</summary>
    [Fact]
    public async Task FilterAndCount_ReadNoOtherArtifacts()
    {
        await using var server = await TestServer.StartAsync();
        for (var index = 0; index < 30; index++)
        {
            await server
                .Get<ArtifactService>()
                .CreateAsync(
                    new ArtifactCreate
                    {
                        Key = $"k{index % 10}",
                        FlowRunId = Guid.NewGuid(),
                        Type = "table",
                    }
                );
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        var artifacts = server.Get<ArtifactQueries>();
        (await artifacts.FilterAsync(new ArtifactQuery { Sort = ArtifactSort.KeyAsc, Limit = 3 })).Count.ShouldBe(3);
        (await artifacts.CountAsync(new ArtifactQuery { Artifacts = new() { Key = new() { Any = ["k7"] } } })).ShouldBe(3);
        (await artifacts.FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.UpdatedDesc, Limit = 3 })).Count.ShouldBe(3);
        (await artifacts.CountAsync(new ArtifactCollectionQuery())).ShouldBe(10);

        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((0, 4));
        (await server.Store.CountAsync(ArtifactKeys.Lists)).ShouldBe(0);
    }

    /// <summary>A damaged row is left out, and the one after it takes its place.</summary>
    [Fact]
    public async Task Filter_ADamagedRow_IsLeftOut()
    {
        await using var server = await TestServer.StartAsync();
        List<Guid> ids = [];
        for (var index = 0; index < 4; index++)
        {
            ids.Add((await server.Get<ArtifactService>().CreateAsync(new ArtifactCreate { Key = $"k{index}" })).Id);
        }

        server.Store.Damaged.Add(ArtifactKeys.Artifact(ids[1]));

        var artifacts = server.Get<ArtifactQueries>();
        (await artifacts.FilterAsync(new ArtifactQuery { Sort = ArtifactSort.KeyAsc, Limit = 2 }))
            .Select(artifact => artifact.Id)
            .ShouldBe([ids[0], ids[2]]);
        (await artifacts.FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.KeyAsc, Limit = 2 }))
            .Select(collection => collection.LatestId)
            .ShouldBe([ids[0], ids[2]]);
    }
}
