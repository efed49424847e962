using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Assets;

namespace Serverless.Functions.Tests;

/// <summary>Assets that tasks make are recorded, with what they were made from.</summary>
public sealed class AssetTests
{
    [Fact]
    public async Task Tasks_ThatMakeAssets_AreRecordedWithMetadataAndUpstream()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(FromTableToTotalAsync);

        await app.WhenFinalAsync(id);

        await ShouldHaveLineageAsync(app, id);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_ThatFails_HasAFailedMaterialization()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync(() => AssetWork.Break("no disk")));

        await app.WhenFinalAsync(id);

        var made = await WhenMadeAsync(app, "s3://lake/broken.csv", 1);
        made.ShouldHaveSingleItem().Status.ShouldBe("failed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_CacheHit_MakesNothing()
    {
        await using var app = await EmbeddedApp.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            var id = await app.RunAsync(async flow =>
            {
                var cached = flow.Submit((AssetWork work) => work.Cached(3));
                return await flow.RunAsync(() => AssetWork.Total(cached.AsArgument()));
            });
            await app.WhenFinalAsync(id);
            await app.ShouldSettleAsync(id);
        }

        var totals = await WhenMadeAsync(app, "s3://lake/total.csv", 2);
        (await WhenMadeAsync(app, "s3://lake/cached.csv", 1)).Count.ShouldBe(1);
        app.Probe.Count("cached").ShouldBe(1);
        totals.ShouldAllBe(made => made.Upstream.SequenceEqual(new[] { "s3://lake/cached.csv" }));
    }

    [Fact]
    public async Task Task_CacheHitOfAKeyThatItsArgumentsMake_CountsAsUpstream()
    {
        await using var app = await EmbeddedApp.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            var id = await app.RunAsync(async flow =>
            {
                var cached = flow.Submit((AssetWork work) => work.CachedDay(7));
                return await flow.RunAsync(() => AssetWork.Total(cached.AsArgument()));
            });
            await app.WhenFinalAsync(id);
            await app.ShouldSettleAsync(id);
        }

        var totals = await WhenMadeAsync(app, "s3://lake/total.csv", 2);
        totals.ShouldAllBe(made => made.Upstream.SequenceEqual(new[] { "s3://lake/day-7.csv" }));
        (await WhenMadeAsync(app, "s3://lake/day-7.csv", 1)).Count.ShouldBe(1);
        app.Probe.Count("day 7").ShouldBe(1);
    }

    [Fact]
    public async Task Delete_AFlowRunBeforeItsEntriesAreCarriedOut_RecordsWhatItMade()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(FromTableToTotalAsync);
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        // As if nothing had been recorded yet.
        (await app.Get<AssetService>().DeleteAsync("s3://lake/total.csv")).ShouldBeTrue();
        (await app.Get<AssetService>().DeleteAsync("s3://lake/orders.csv")).ShouldBeTrue();

        await app.Runs.DeleteAsync(id);
        await app.Runs.PurgeAsync(id);

        (await WhenMadeAsync(app, "s3://lake/total.csv", 1))[0].Upstream.ShouldBe(["s3://lake/orders.csv"]);
    }

    [Fact]
    public async Task Task_WhoseArgumentsMakeNoKey_FailsWithoutRunning()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((AssetWork work) => work.Load("two words", 1)));

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        (await app.TaskRunAsync(id)).State!.Message.ShouldNotBeNull().ShouldContain("'s3://lake/two words.csv'");
        app.Probe.Count("load two words").ShouldBe(0);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task BackgroundTask_ThatMakesAnAsset_IsRecorded()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((AssetWork work) => work.Load("later", 2));
        (await run.ResultAsync()).ShouldBe(2);

        var made = (await WhenMadeAsync(app, "s3://lake/later.csv", 1)).ShouldHaveSingleItem();

        (made.FlowRunId, made.TaskRunId).ShouldBe((null, run.Id));
    }

    /// <summary>A flow whose second task gets the first one's result by way of a third.</summary>
    internal static async Task<int> FromTableToTotalAsync(FlowContext flow)
    {
        var rows = flow.Submit((AssetWork work) => work.Load("orders", 7));
        var plain = flow.Submit(() => AssetWork.Plain(rows.AsArgument()));
        return await flow.RunAsync(() => AssetWork.Total(plain.AsArgument()));
    }

    /// <summary>Looks at what <see cref="FromTableToTotalAsync"/> has left.</summary>
    internal static async Task ShouldHaveLineageAsync(EmbeddedApp app, Guid id)
    {
        const string Orders = "s3://lake/orders.csv";
        var total = (await WhenMadeAsync(app, "s3://lake/total.csv", 1)).ShouldHaveSingleItem();
        var report = (await WhenMadeAsync(app, "s3://lake/report.md", 1)).ShouldHaveSingleItem();
        var orders = (await WhenMadeAsync(app, Orders, 1)).ShouldHaveSingleItem();
        var tasks = await app.TaskRunsAsync(id);
        (orders.Status, orders.FlowRunId, orders.TaskRunId).ShouldBe(("succeeded", id, tasks.Single(task => task.Name == "load-0").Id));
        orders.Upstream.ShouldBe([AssetWork.Source]);
        orders.Metadata.ShouldNotBeNull()["rows"].GetInt32().ShouldBe(7);
        (total.MaterializedBy, report.MaterializedBy).ShouldBe(("dbt", null));
        total.Upstream.ShouldBe([Orders]);
        total.Metadata.ShouldNotBeNull()["number"].GetInt32().ShouldBe(7);
        report.Metadata.ShouldBeNull();

        var assets = app.Get<AssetService>();
        var asset = (await assets.GetAsync(Orders)).ShouldNotBeNull();
        (asset.MaterializationCount, asset.LatestMaterialization!.Id, asset.Properties!.Name).ShouldBe((1, orders.Id, "A table"));
        asset.Properties.Owners.ShouldBe(["sales", "ops"]);
        (await assets.GetAsync(AssetWork.Source)).ShouldNotBeNull().MaterializationCount.ShouldBe(0);
        (await assets.FilterAsync(new()))
            .Assets.Select(each => each.Key)
            .ShouldBe([AssetWork.Source, Orders, "s3://lake/report.md", "s3://lake/total.csv"]);
    }

    private static async Task<IReadOnlyList<AssetMaterialization>> WhenMadeAsync(EmbeddedApp app, string key, int count)
    {
        IReadOnlyList<AssetMaterialization> made = [];
        await app.WhenAsync(
            async () => (made = await app.Get<AssetService>().MaterializationsAsync(key, 0, 10)).Count >= count,
            $"{count} materializations of {key}"
        );
        return made;
    }
}
