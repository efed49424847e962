using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;

namespace Serverless.Server.Tests.Artifacts;

/// <summary>Collections of a store that keeps columns.</summary>
public sealed class ColumnArtifactCollectionTests() : ArtifactCollectionTests(columns: true)
{
    [Fact]
    public async Task Latest_OfAKeyWithVeryMany_IsOneQuestion()
    {
        await using var server = await TestServer.StartAsync();
        for (var index = 0; index < 250; index++)
        {
            await CreateAsync(server, index % 25 == 0 ? $"few-{index % 3}" : "many", index);
        }

        var (reads, queries) = (server.Store.Reads, server.Store.Queries);
        (await server.Get<ArtifactService>().GetLatestAsync("many"))!.Data!.Value.GetInt32().ShouldBe(249);
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((1, 1));

        (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.KeyAsc }))
            .Select(collection => collection.Data!.Value.GetInt32())
            .ShouldBe([225, 175, 200, 249]);
        (server.Store.Reads - reads, server.Store.Queries - queries).ShouldBe((1, 2));
    }

    /// <summary>Two requests read the same latest artifact, and the one that commits last was created first.</summary>
    [Fact]
    public async Task TwoCreatesAtOnce_TheOneThatWasCreatedLastIsTheLatest()
    {
        await using var server = await TestServer.StartAsync();
        Artifact? second = null;
        server.Store.Once(
            ArtifactKeys.Artifacts,
            async () =>
            {
                server.Time.Advance(TimeSpan.FromSeconds(1));
                second = await CreateAsync(server, "k", 2);
            }
        );

        var first = await CreateAsync(server, "k", 1);

        first.Created.ShouldNotBeNull().ShouldBeLessThan(second.ShouldNotBeNull().Created!.Value);
        (await LatestAsync(server, "k")).ShouldBe(second.Id);
        (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactCollectionQuery()))
            .ShouldHaveSingleItem()
            .LatestId.ShouldBe(second.Id);
    }
}
