using Microsoft.DurableTask.Client;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests;

/// <summary>What one map may have under way, and how many items it takes.</summary>
public sealed class MapWindowTests
{
    private const int Items = 2500;

    [Fact]
    public async Task Map_OfManyBatches_HasTwentyUnderWay()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(Map);
        await app.WhenAsync(async () => await CountBatchesAsync(app, id) == 20, "twenty batches");
        await app.WhenExecutedAsync("hold", 100);
        (await CountBatchesAsync(app, id)).ShouldBe(20);

        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe($"{Items}");
        (await CountBatchesAsync(app, id)).ShouldBe(25);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Cancel_WhileBatchesWaitForAPlace_StartsNoneOfThem()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(Map);
        await app.WhenAsync(async () => await CountBatchesAsync(app, id) == 20, "twenty batches");

        await app.Control.CancelAsync(id);
        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Cancelled);
        (await CountBatchesAsync(app, id)).ShouldBe(20);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Map_OfMoreItemsThanItTakes_FailsAtOnceWithTheLimit()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 3_000_000), (Work work, int number) => work.Do(number))).Length
        );

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message!.ShouldContain("has more than 200,000 items, the maximum for one map");
        (await app.TaskRunsAsync(id)).ShouldBeEmpty();
        await app.ShouldSettleAsync(id);
    }

    private static async Task<int> Map(FlowContext flow) =>
        (await flow.Map(Enumerable.Range(0, Items), (Work work, int number) => work.HoldAsync(number))).Length;

    private static async Task<int> CountBatchesAsync(EmbeddedApp app, Guid flowRunId) =>
        await app
            .Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = OutboxEntry.InstanceIdOf(flowRunId, 1) + "-" })
            .CountAsync();
}
