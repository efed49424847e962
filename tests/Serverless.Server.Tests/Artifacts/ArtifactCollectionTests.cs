using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Artifacts;
using Serverless.Server.Retention;
using Serverless.Storage;

namespace Serverless.Server.Tests.Artifacts;

/// <summary>The latest artifact of a key, whatever is deleted and whoever dies.</summary>
/// <param name="columns">Whether the store keeps columns.</param>
public abstract class ArtifactCollectionTests(bool columns)
{
    [Fact]
    public async Task Delete_OfTheLatest_MakesTheOneBeforeItTheLatest()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var first = await CreateAsync(server, "k", 1);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await CreateAsync(server, "k", 2);
        var third = await CreateAsync(server, "k", 3);
        await CreateAsync(server, "k-1", 4);
        await CreateAsync(server, null, 5);

        // Two at the same time have an order, too.
        third.Created.ShouldNotBeNull().ShouldBeGreaterThan(second.Created!.Value);
        (await LatestAsync(server, "k")).ShouldBe(third.Id);
        await server.Get<ArtifactService>().DeleteAsync(third.Id);
        (await LatestAsync(server, "k")).ShouldBe(second.Id);
        await server.Get<ArtifactService>().DeleteAsync(first.Id);
        (await LatestAsync(server, "k")).ShouldBe(second.Id);
        (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactCollectionQuery { Sort = ArtifactSort.KeyAsc }))
            .Select(collection => (collection.Key, collection.LatestId, collection.Created, collection.Updated))
            .First()
            .ShouldBe(("k", second.Id, first.Created, second.Updated));

        await server.Get<ArtifactService>().DeleteAsync(second.Id);
        (await LatestAsync(server, "k")).ShouldBeNull();
        (await server.Get<ArtifactQueries>().CountAsync(new ArtifactCollectionQuery())).ShouldBe(1);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("delete")]
    public async Task TwoAtOnce_NothingIsLost(string other)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var service = server.Get<ArtifactService>();
        var artifact = await CreateAsync(server, "k", 1);
        server.Store.Once(
            ArtifactKeys.Artifacts,
            () =>
                other switch
                {
                    "create" => service.CreateAsync(New("k", 2)),
                    "update" => service.UpdateAsync(artifact.Id, new ArtifactUpdate { Description = "new" }),
                    _ => service.DeleteAsync(artifact.Id),
                }
        );

        var isUpdated = await service.UpdateAsync(artifact.Id, new ArtifactUpdate { Data = JsonElement.Parse("7") });

        var stored = await service.GetAsync(artifact.Id);
        isUpdated.ShouldBe(other != "delete");
        stored?.Data!.Value.GetInt32().ShouldBe(7);
        stored?.Description.ShouldBe(other == "update" ? "new" : null);
        (stored is null).ShouldBe(other == "delete");
        (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactQuery())).Count.ShouldBe(
            other switch
            {
                "create" => 2,
                "update" => 1,
                _ => 0,
            }
        );
    }

    [Fact]
    public async Task Latest_DeletedWhileItIsRead_IsTheOneBeforeIt()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var first = await CreateAsync(server, "k", 1);
        var second = await CreateAsync(server, "k", 2);
        server.Store.BeforeRead = async address =>
        {
            if (address == ArtifactKeys.Artifact(second.Id))
            {
                server.Store.BeforeRead = null;
                await server.Get<ArtifactService>().DeleteAsync(second.Id);
            }
        };

        (await LatestAsync(server, "k")).ShouldBe(first.Id);
    }

    [Fact]
    public async Task TwoDeletesAtOnce_OneFindsIt()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var service = server.Get<ArtifactService>();
        var artifact = await CreateAsync(server, "k", 1);
        var isOther = false;
        server.Store.Once(ArtifactKeys.Artifacts, async () => isOther = await service.DeleteAsync(artifact.Id));

        (await service.DeleteAsync(artifact.Id)).ShouldBeFalse();

        isOther.ShouldBeTrue();
        (await server.Store.CountAsync(ArtifactKeys.Lists)).ShouldBe(0);
    }

    [Fact]
    public async Task AnySteps_AndCrashes_EachKeyShowsItsLatest()
    {
        string[] keys = ["a", "a-b", "b", new('c', 300)];
        for (var seed = 0; seed < 6; seed++)
        {
            await using var server = await TestServer.StartAsync(columns: columns);
            Random random = new(seed);
            for (var step = 0; step < 20; step++)
            {
                var isApplied = random.Next(2) == 0;
                var left = random.Next(12);
                server.Store.BeforeCommit = _ => !isApplied && Interlocked.Decrement(ref left) < 0 ? throw Dead() : Task.CompletedTask;
                server.Store.AfterCommit = _ => DieIf(isApplied && Interlocked.Decrement(ref left) < 0);
                await Task.WhenAll(
                    Enumerable
                        .Range(0, 4)
                        .Select(_ => (Kind: random.Next(4), Which: random.Next(100), Key: keys[random.Next(4)]))
                        .ToList()
                        .Select(act => Task.Run(() => TryAsync(() => ActAsync(server, act.Kind, act.Which, act.Key))))
                );
                (server.Store.BeforeCommit, server.Store.AfterCommit) = (null, null);
                await VerifyAsync(server, $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public async Task Retention_OfTheLatest_LeavesTheRightOne()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        server.Get<RetentionOptions>().ArtifactRetentionDays = 30;
        await CreateAsync(server, "k", 1);
        await CreateAsync(server, "old", 2);
        server.Time.Advance(TimeSpan.FromDays(20));
        var young = await CreateAsync(server, "k", 3);
        server.Time.Advance(TimeSpan.FromDays(11));

        (await server.Get<RetentionSweep>().RunAsync()).Count.ShouldBe(2);

        var left = (await server.Get<ArtifactQueries>().FilterAsync(new ArtifactCollectionQuery())).ShouldHaveSingleItem();
        (left.Key, left.LatestId).ShouldBe(("k", young.Id));
    }

    private static Task ActAsync(TestServer server, int kind, int which, string key) =>
        kind switch
        {
            < 2 => CreateAsync(server, key, which),
            2 => OneAsync(server, which, (service, id) => service.DeleteAsync(id)),
            _ => OneAsync(server, which, (service, id) => service.UpdateAsync(id, new ArtifactUpdate { Description = key })),
        };

    private static async Task OneAsync(TestServer server, int which, Func<ArtifactService, Guid, Task> act)
    {
        var all = await server.Get<ArtifactQueries>().FilterAsync(new ArtifactQuery { Sort = ArtifactSort.CreatedDesc });
        if (all.Count > 0)
        {
            await act(server.Get<ArtifactService>(), all[which % Math.Min(3, all.Count)].Id);
        }
    }

    private static async Task VerifyAsync(TestServer server, string when)
    {
        var queries = server.Get<ArtifactQueries>();
        var all = await queries.FilterAsync(new ArtifactQuery { Sort = ArtifactSort.CreatedDesc });
        (await queries.CountAsync(new ArtifactQuery())).ShouldBe(all.Count, when);
        var expected = all.GroupBy(artifact => artifact.Key!).Select(group => (Key: group.Key, group.First().Id)).ToList();
        var collections = await queries.FilterAsync(new ArtifactCollectionQuery());
        collections.Select(collection => (collection.Key, collection.LatestId)).ShouldBe(expected, ignoreOrder: true, when);
        foreach (var (key, id) in expected)
        {
            (await LatestAsync(server, key)).ShouldBe(id, when);
        }
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (RowStoreUnavailableException)
        {
            // The process has died.
        }
    }

    private static void DieIf(bool isTime)
    {
        if (isTime)
        {
            throw Dead();
        }
    }

    private static RowStoreUnavailableException Dead() => new("The process dies.");

    private static ArtifactCreate New(string? key, int data) => new() { Key = key, Data = JsonElement.Parse($"{data}") };

    private protected static Task<Artifact> CreateAsync(TestServer server, string? key, int data) =>
        server.Get<ArtifactService>().CreateAsync(New(key, data));

    private protected static async Task<Guid?> LatestAsync(TestServer server, string key) =>
        (await server.Get<ArtifactService>().GetLatestAsync(key))?.Id;
}
