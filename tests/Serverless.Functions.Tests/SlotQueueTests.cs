using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Tests;

/// <summary>Who gives a slot back wakes who waits next: in these tests the clock stands still unless they say otherwise.</summary>
public sealed class SlotQueueTests
{
    [Fact]
    public async Task Deployment_SlotGivenBack_RunsNextInOrderOfWaiting()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        List<Guid> ids = [await HoldAsync(app)];
        for (var i = 0; i < 4; i++)
        {
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add(await WaitingAsync(app));
        }

        app.Probe.Open("hold");
        List<FlowRun> runs = [];
        foreach (var id in ids)
        {
            runs.Add(await app.WhenFinalAsync(id));
        }

        runs.Select(run => run.StartTime).ShouldBeInOrder();
        foreach (var id in ids[1..])
        {
            (await app.StatesAsync(id)).ShouldBe("Scheduled AwaitingConcurrencySlot Pending Running Completed");
        }

        await app.ShouldSettleAsync([.. ids]);
        (await TakenAsync(app)).ShouldBe(0);
    }

    [Fact]
    public async Task Deployment_Waiting_WritesNoNewState()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        var first = await HoldAsync(app);
        var second = await WaitingAsync(app);

        for (var i = 0; i < 4; i++)
        {
            await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(2));
        }

        (await app.StatesAsync(second)).ShouldBe("Scheduled AwaitingConcurrencySlot");
        app.Probe.Open("hold");
        await app.WhenFinalAsync(second);
        await app.ShouldSettleAsync(first, second);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("delete")]
    [InlineData("force")]
    public async Task Deployment_FirstWaiterGone_NextOneRuns(string how)
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        await HoldAsync(app);
        var gone = await WaitingAsync(app);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var next = await WaitingAsync(app);

        await (
            how switch
            {
                "cancel" => app.Control.CancelAsync(gone),
                "force" => app.Gate.SetFlowRunStateAsync(gone, ProposedStates.Failed(), force: true),
                _ => (Task)app.Runs.DeleteAsync(gone),
            }
        );
        app.Probe.Open("hold");

        (await app.WhenFinalAsync(next)).StateType.ShouldBe(StateType.Completed);
        await app.WhenAsync(async () => await TakenAsync(app) == 0, "the slots");
    }

    [Fact]
    public async Task Deployment_LimitRaisedOrRemoved_WakesThoseWhoWait()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        await HoldAsync(app);
        Guid[] waiting = [await WaitingAsync(app), await WaitingAsync(app), await WaitingAsync(app)];

        await LimitAsync(app, 2);
        await app.WhenAsync(async () => await EndedAsync(app, waiting) == 3, "all, one after the other");
        await LimitAsync(app, 1);
        Guid[] others = [await WaitingAsync(app), await WaitingAsync(app)];
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(await app.DeploymentAsync(Scripts.Plain), null);

        await app.WhenAsync(async () => await EndedAsync(app, others) == 2, "all at once");
    }

    [Fact]
    public async Task Deployment_NewsLost_IsMadeGoodByTheSweep()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        await LimitAsync(app, 1);
        var first = await HoldAsync(app);
        var second = await WaitingAsync(app);

        app.Announcer.Loses = true;
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        app.Announcer.Loses = false;
        await app.DriveAsync(second);

        (await app.StatesAsync(second)).ShouldBe("Scheduled AwaitingConcurrencySlot Pending Running Completed");
        await app.ShouldSettleAsync(first, second);
        (await TakenAsync(app)).ShouldBe(0);
    }

    [Fact]
    public async Task Deployment_CrashBetweenGivingBackAndWaking_IsMadeGoodByTheSweep()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        await LimitAsync(app, 1);
        var first = await HoldAsync(app);
        var second = await WaitingAsync(app);
        app.Store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address.Table == "concurrency")
            {
                await app.CrashAsync();
            }
        };

        app.Probe.Open("hold");
        await app.WhenCrashedAsync();
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        await app.DriveAsync(second);

        (await app.GetAsync(first)).StateType.ShouldBe(StateType.Completed);
        (await app.StatesAsync(second)).ShouldBe("Scheduled AwaitingConcurrencySlot Pending Running Completed");
        await app.ShouldSettleAsync(first, second);
        (await TakenAsync(app)).ShouldBe(0);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(150)]
    public async Task Tag_LimitOnAMap_GoesOnWithoutAnyPoll(int count)
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.Get<ConcurrencyLimits>().SetTagLimitAsync(Work.NarrowTag, 2);
        app.Probe.Open("hold");

        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, count), (Work work, int number) => work.NarrowAsync(number))).Length
        );
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe($"{count}");
        await app.ShouldSettleAsync(id);
        (await TakenAsync(app)).ShouldBe(0);
    }

    [Fact]
    public async Task Tag_FirstWaiterIsOfAPausedFlow_NextOneRunsAndItRunsOnceResumed()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.Get<ConcurrencyLimits>().SetTagLimitAsync(Work.NarrowTag, 1);
        var first = await NarrowAsync(app, 1);
        await app.WhenExecutedAsync("hold 1");
        var paused = await NarrowAsync(app, 2);
        await WaitsAsync(app, 1);
        app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var next = await NarrowAsync(app, 3);
        await WaitsAsync(app, 2);

        await app.Control.PauseAsync(paused, TimeSpan.FromHours(1));
        app.Probe.Open("hold");

        (await app.WhenFinalAsync(next)).StateType.ShouldBe(StateType.Completed);
        (await app.GetAsync(paused)).StateType.ShouldBe(StateType.Paused);
        await app.Control.ResumeAsync(paused);
        (await app.WhenFinalAsync(paused)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(first, paused, next);
        (await TakenAsync(app)).ShouldBe(0);
    }

    private static Task<Guid> NarrowAsync(EmbeddedApp app, int number) =>
        app.RunAsync(flow => flow.RunAsync((Work work) => work.NarrowAsync(number)));

    private static Task WaitsAsync(EmbeddedApp app, int count) =>
        app.WhenAsync(
            async () => (await app.Store.QueryAsync(RowRange.WholeTable("concurrencywaits"))).Rows.Count == count,
            $"{count} in the queue"
        );

    private static async Task LimitAsync(EmbeddedApp app, int limit) =>
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(await app.DeploymentAsync(Scripts.Plain), limit);

    private static async Task<Guid> HoldAsync(EmbeddedApp app)
    {
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        return id;
    }

    private static async Task<Guid> WaitingAsync(EmbeddedApp app)
    {
        var id = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenAsync(id, StateNames.AwaitingConcurrencySlot);
        return id;
    }

    private static async Task<int> EndedAsync(EmbeddedApp app, Guid[] ids)
    {
        var ended = 0;
        foreach (var id in ids)
        {
            ended += (await app.GetAsync(id)).StateType == StateType.Completed ? 1 : 0;
        }

        return ended;
    }

    private static async Task<int> TakenAsync(EmbeddedApp app) =>
        (await app.Store.QueryAsync(RowRange.WholeTable("concurrency"))).Rows.Count(row =>
            row.RowKey.StartsWith("slot|", StringComparison.Ordinal)
        );
}
