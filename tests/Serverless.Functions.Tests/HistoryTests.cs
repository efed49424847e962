using Microsoft.DurableTask.Client;
using Serverless.Core.Models;
using Serverless.Functions.Outbox;
using Serverless.Functions.Storage;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>Histories of ended runs go, and nothing else does.</summary>
public sealed class HistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Purge_RunEndedLongAgo_LeavesNothingOfItsOrchestrationsAndAllOfTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var items = await flow.Map(Enumerable.Range(0, 120), (Work work, int number) => work.Do(number));
            return items.Length;
        });
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);
        (await InstancesAsync(app)).ShouldNotBeEmpty();

        app.Clock.Advance(HistoryPurge.Grace - Second);
        (await PurgeAsync(app)).ShouldBe(0);
        app.Clock.Advance(2 * Second);

        // The flow's orchestration and two batches of the map.
        (await PurgeAsync(app)).ShouldBe(3);

        (await InstancesAsync(app)).ShouldBeEmpty();
        (await app.Store.QueryAsync(Serverless.Storage.RowRange.WholeTable("instances"))).Rows.ShouldBeEmpty();
        (await app.ResultAsync(id)).ShouldBe("120");
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.TaskRunsAsync(id)).Count.ShouldBe(120);
    }

    [Fact]
    public async Task Purge_OpenRun_KeepsItsHistoryAndItsEndedSubflows()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            var counted = await flow.RunAsync(() => Scripts.Count(4));
            await flow.SleepAsync(TimeSpan.FromHours(5));
            return counted + await flow.RunAsync((Work work) => work.Do(1));
        });
        await app.WhenAsync(async () => (await app.SubflowsAsync(id)) is [{ StateName: "Completed" }], "the subflow");
        app.Clock.Advance(HistoryPurge.Grace + Second);

        (await PurgeAsync(app)).ShouldBe(0);
        await app.RestartAsync(Second);
        await app.DriveAsync(id);
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        app.Clock.Advance(HistoryPurge.Grace + Second);
        (await PurgeAsync(app)).ShouldBe(2);
        (await InstancesAsync(app)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Purge_ThenTheStartIsDeliveredAgain_RunsNothingTwice()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Do(1)));
        var ended = await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);
        app.Clock.Advance(HistoryPurge.Grace + Second);
        (await PurgeAsync(app)).ShouldBe(1);

        await app.Get<OutboxDispatcher>()
            .DispatchAsync(
                new OutboxEntry("late", OutboxKind.Start, id, 1, Core.States.StateType.Scheduled),
                app.Client,
                CancellationToken.None
            );
        await app.Client.WaitForInstanceCompletionAsync(OutboxEntry.InstanceIdOf(id, 1));

        app.Probe.Count("do 1").ShouldBe(1);
        (await app.GetAsync(id)).StateId.ShouldBe(ended.StateId);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
    }

    [Fact]
    public async Task Purge_RunDeletedMeanwhileOrStartedAgain_DoesNotInterfere()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var deleted = await app.RunAsync(_ => Task.FromResult(1));
        var kept = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenFinalAsync(deleted);
        await app.WhenFinalAsync(kept);
        await app.ShouldSettleAsync(deleted, kept);
        app.Clock.Advance(HistoryPurge.Grace + Second);
        (await app.Runs.DeleteAsync(deleted)).ShouldBeTrue();

        await PurgeAsync(app);
        await app.SweepOutboxAsync();

        (await InstancesAsync(app)).ShouldBeEmpty();
        (await app.ResultAsync(kept)).ShouldBe("2");
    }

    [Fact]
    public async Task Sweep_AtItsTimes_PurgesByItself()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(_ => Task.FromResult(1));
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        app.Clock.Advance(HistoryPurge.Grace);

        // A sweep that is at work when the clock moves misses that time, and takes the next.
        using CancellationTokenSource patience = new(Waiting.Patience);
        while ((await InstancesAsync(app)).Count > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("0199e000000000000000000000000001-1", true)]
    [InlineData("0199e000000000000000000000000001-1-b-3", true)]
    [InlineData("0199e000000000000000000000000001", false)]
    [InlineData("0199e000000000000000000000000001-", false)]
    [InlineData("somebody-elses-orchestration-that-is-long-enough", false)]
    public void FlowRunOf_AnInstance_IsItsRun(string instance, bool expected) =>
        HistoryPurge.FlowRunOf(instance).HasValue.ShouldBe(expected);

    private static Task<int> PurgeAsync(EmbeddedApp app) => app.Get<HistoryPurge>().RunAsync(app.Client, CancellationToken.None);

    private static async Task<List<string>> InstancesAsync(EmbeddedApp app)
    {
        List<string> ids = [];
        await foreach (var instance in app.Client.GetAllInstancesAsync())
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }
}
