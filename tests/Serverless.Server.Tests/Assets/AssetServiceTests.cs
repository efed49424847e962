using System.Globalization;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Assets;
using Serverless.Server.Events;

namespace Serverless.Server.Tests.Assets;

/// <summary>What events say of assets, as Prefect's client sends them.</summary>
public sealed class AssetServiceTests : IAsyncLifetime
{
    private const string Key = "s3://lake/orders.csv";

    private TestServer _server = null!;

    private AssetService Assets => _server.Get<AssetService>();

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Materialization_Told_IsRecordedOnce()
    {
        var flowRun = Guid.NewGuid();
        var reported = Made(Key, seconds: 1) with
        {
            Related =
            [
                new Dictionary<string, string> { [Event.ResourceId] = $"prefect.flow-run.{flowRun}", [Event.ResourceRole] = "flow-run" },
                new Dictionary<string, string> { [Event.ResourceId] = "postgres://shop/orders", [Event.ResourceRole] = "asset" },
                new Dictionary<string, string> { [Event.ResourceId] = "dbt", [Event.ResourceRole] = "asset-materialized-by" },
            ],
            Payload = new Dictionary<string, JsonElement> { ["rows"] = JsonElement.Parse("7") },
        };

        await TakeAsync(reported, reported);

        var made = (await Assets.MaterializationsAsync(Key, 0, 10)).ShouldHaveSingleItem();
        (made.Status, made.FlowRunId, made.MaterializedBy).ShouldBe(("succeeded", flowRun, "dbt"));
        made.Upstream.ShouldBe(["postgres://shop/orders"]);
        made.Metadata!["rows"].GetInt32().ShouldBe(7);
        var asset = (await Assets.GetAsync(Key))!;
        (asset.MaterializationCount, asset.LatestMaterialization!.Id, asset.LatestMaterialization.Metadata).ShouldBe(
            (1, reported.Id, null)
        );
    }

    [Fact]
    public async Task Materializations_ToldOutOfOrder_AreInTheOrderOfTheirTimes()
    {
        var named = Made(Key, seconds: 3, ("prefect.resource.name", "New"), ("prefect.asset.owners", """["ops"]"""));
        await TakeAsync(named, Made(Key, seconds: 1, ("prefect.resource.name", "Old")), Made(Key, seconds: 2));

        var asset = (await Assets.GetAsync(Key))!;
        (asset.MaterializationCount, asset.LatestMaterialization!.Id, asset.LastSeen).ShouldBe((3, named.Id, named.Occurred));
        asset.Properties!.Name.ShouldBe("New");
        asset.Properties.Owners.ShouldBe(["ops"]);
        var made = await Assets.MaterializationsAsync(Key, 0, 10);
        made.Select(each => each.Occurred).ShouldBe(made.Select(each => each.Occurred).OrderDescending());
        (await Assets.MaterializationsAsync(Key, 1, 1)).ShouldHaveSingleItem().Id.ShouldBe(made[1].Id);
    }

    [Fact]
    public async Task Reference_Told_MakesTheAssetKnown()
    {
        await TakeAsync(Told("prefect.asset.referenced", Key, 1), Told("prefect.asset.referenced", Key, 2));

        var asset = (await Assets.GetAsync(Key))!;
        (asset.MaterializationCount, asset.LatestMaterialization, asset.Properties).ShouldBe((0, null, null));
        asset.LastSeen.ShouldBe(At(2));
    }

    [Theory]
    [InlineData("no-uri")]
    [InlineData("S3://lake/x")]
    [InlineData("://x")]
    [InlineData("s3://with blank")]
    [InlineData("s3://x?y")]
    public async Task Event_WithAnInvalidKey_IsPassedOver(string key)
    {
        await TakeAsync(Made(key, 1));

        (await Assets.FilterAsync(new AssetQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Event_WithOwnersThatAreNoList_IsPassedOver()
    {
        await TakeAsync(Made(Key, 1, ("prefect.asset.owners", "ops")));

        (await Assets.GetAsync(Key)).ShouldBeNull();
    }

    [Fact]
    public async Task Filter_ByPrefixAndPart_GivesPagesInTheOrderOfKeys()
    {
        var longKey = "s3://b/" + new string('x', 400);
        await TakeAsync(Made("s3://b/2", 1), Made(longKey, 2), Made("s3://a/1", 3), Made("gs://A/1", 4));

        async Task<string> KeysAsync(AssetKeyFilter? key, int offset = 0, int limit = 50)
        {
            var page = await Assets.FilterAsync(
                new AssetQuery
                {
                    Filter = key is null ? null : new AssetFilter { Key = key },
                    Offset = offset,
                    Limit = limit,
                }
            );
            return $"{page.Total}: {string.Join(' ', page.Assets.Select(asset => asset.Key))}";
        }

        (await KeysAsync(null)).ShouldBe($"4: gs://A/1 s3://a/1 s3://b/2 {longKey}");
        (await KeysAsync(null, offset: 1, limit: 1)).ShouldBe("4: s3://a/1");
        (await KeysAsync(new AssetKeyFilter { Prefix = ["s3://a", "gs:"] })).ShouldBe("2: gs://A/1 s3://a/1");
        (await KeysAsync(new AssetKeyFilter { Search = ["a/"] })).ShouldBe("2: gs://A/1 s3://a/1");
        (await KeysAsync(new AssetKeyFilter { Prefix = ["s3://"], Search = ["a/"] })).ShouldBe("1: s3://a/1");
        (await KeysAsync(new AssetKeyFilter { Search = [] })).ShouldBe("0: ");
    }

    [Fact]
    public async Task Delete_AnAsset_TakesItsMaterializationsWithIt()
    {
        await TakeAsync([.. Enumerable.Range(0, 200).Select(second => Made(Key, second))]);

        (await Assets.DeleteAsync(Key)).ShouldBeTrue();
        (await Assets.DeleteAsync(Key)).ShouldBeFalse();

        (await Assets.FilterAsync(new AssetQuery())).Total.ShouldBe(0);
        (await Assets.MaterializationsAsync(Key, 0, 10)).ShouldBeEmpty();
        await TakeAsync(Made(Key, 1));
        (await Assets.GetAsync(Key))!.MaterializationCount.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_AnAssetThatIsMadeAgainMeanwhile_LeavesItOnTheList()
    {
        await TakeAsync(Made(Key, 1));
        _server.Store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address == AssetRows.Listed(Key))
            {
                _server.Store.BeforeCommit = null;
                await TakeAsync(Made(Key, 2));
            }
        };

        (await Assets.DeleteAsync(Key)).ShouldBeTrue();

        var page = await Assets.FilterAsync(new AssetQuery());
        (page.Total, page.Assets.Single().MaterializationCount).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Delete_OnceMoreAfterACrash_TakesTheAssetOffTheList()
    {
        await TakeAsync(Made(Key, 1));
        _server.Store.BeforeCommit = commit =>
            commit.Operations[0].Address == AssetRows.Listed(Key) ? throw new IOException("The process dies.") : Task.CompletedTask;
        await Should.ThrowAsync<IOException>(() => Assets.DeleteAsync(Key));
        _server.Store.BeforeCommit = null;
        (await Assets.FilterAsync(new AssetQuery())).Assets.ShouldBeEmpty();

        (await Assets.DeleteAsync(Key)).ShouldBeFalse();

        (await Assets.FilterAsync(new AssetQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Materializations_BeyondTheMost_AreDeleted()
    {
        var told = Enumerable.Range(0, AssetService.MostMaterializations + 100).Select(second => Made(Key, second)).ToArray();

        await TakeAsync(told);

        (await Assets.MaterializationsAsync(Key, 0, 2_000)).Count.ShouldBe(AssetService.MostMaterializations);
        var asset = (await Assets.GetAsync(Key))!;
        (asset.MaterializationCount, asset.LatestMaterialization!.Id).ShouldBe((told.Length, told[^1].Id));
    }

    [Fact]
    public async Task Materializations_ToldAtOnce_AreAllCounted()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(second => Task.Run(() => TakeAsync(Made(Key, second)))));

        (await Assets.GetAsync(Key))!.MaterializationCount.ShouldBe(8);
    }

    private async Task TakeAsync(params Event[] events)
    {
        foreach (var reported in events)
        {
            await _server.Get<EventIntake>().TakeAsync(reported);
        }
    }

    private static DateTimeOffset At(int seconds) =>
        DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture).AddSeconds(seconds);

    private static Event Made(string key, int seconds, params (string, string)[] labels) =>
        Told("prefect.asset.materialization.succeeded", key, seconds, labels);

    private static Event Told(string name, string key, int seconds, params (string Name, string Value)[] labels) =>
        new()
        {
            Id = Guid.NewGuid(),
            Occurred = At(seconds),
            Name = name,
            Resource = labels.Append((Event.ResourceId, key)).ToDictionary(label => label.Item1, label => label.Item2),
        };
}
