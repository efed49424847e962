using Serverless.Core.Filters;
using Serverless.Server.Artifacts;
using Serverless.Storage;

namespace Serverless.Server.Tests.Artifacts;

/// <summary>Collections of a store that keeps no columns.</summary>
public sealed class IndexRowArtifactCollectionTests() : ArtifactCollectionTests(columns: false)
{
    [Fact]
    public async Task Latest_OfAKeyWithVeryMany_IsCheap_AndSoIsTheListOfKeys()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        for (var index = 0; index < 250; index++)
        {
            await CreateAsync(server, index % 25 == 0 ? $"few-{index % 3}" : "many", index);
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        (await server.Get<ArtifactService>().GetLatestAsync("many"))!.Data!.Value.GetInt32().ShouldBe(249);
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((2, 1));

        (reads, queries) = (server.Store.Reads, server.Store.Queries);
        (await server.Get<ArtifactQueries>().CountAsync(new ArtifactCollectionQuery())).ShouldBe(4);
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((4, 2));

        (reads, queries) = (server.Store.Reads, server.Store.Queries);
        var collections = await server.Get<ArtifactQueries>().FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.KeyAsc });
        collections.Select(collection => collection.Data!.Value.GetInt32()).ShouldBe([225, 175, 200, 249]);
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((8, 2));
    }

    /// <summary>A process that died left the list's row of an artifact that is gone, or did not come to write it.</summary>
    [Fact]
    public async Task Latest_WhereARowOfADeletedOneIsLeft_IsTheOneBeforeIt()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var first = await CreateAsync(server, "k", 1);
        var second = await CreateAsync(server, "k", 2);
        await CreateAsync(server, "l", 3);
        foreach (var row in new[] { ArtifactKeys.Facts(second.Id), ArtifactKeys.Artifact(second.Id) })
        {
            await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Delete(row)));
        }

        (await LatestAsync(server, "k")).ShouldBe(first.Id);
        var queries = server.Get<ArtifactQueries>();
        (await queries.FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.KeyAsc }))
            .Select(collection => collection.Data!.Value.GetInt32())
            .ShouldBe([1, 3]);
        (await queries.FilterAsync(new ArtifactQuery { Sort = ArtifactSort.CreatedDesc, Limit = 2 })).Count.ShouldBe(2);
        (await CreateAsync(server, "k", 4)).Created.ShouldNotBeNull().ShouldBeGreaterThan(first.Created!.Value);
        (await server.Get<ArtifactService>().GetLatestAsync("k"))!.Data!.Value.GetInt32().ShouldBe(4);
    }
}
