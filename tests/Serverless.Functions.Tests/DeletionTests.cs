using Microsoft.DurableTask.Client;
using Serverless.Core.Models;
using Serverless.Functions.TaskRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests;

/// <summary>The task hub holds no instance of a deleted run, whatever was under way.</summary>
public sealed class DeletionTests
{
    private static Func<Flows.FlowContext, Task<int>> Map(int count) =>
        async flow => (await flow.Map(Enumerable.Range(0, count), (Work work, int number) => work.HoldAsync(number))).Length;

    [Fact]
    public async Task Delete_WhileBatchesRun_LeavesNoInstance()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(Map(300));
        await app.WhenExecutedAsync("hold", 10);
        await app.WhenAsync(async () => (await InstancesAsync(app, id)).Count == 4, "the flow's orchestration and three batches");

        await app.Runs.DeleteAsync(id);

        await ShouldHaveNoneAsync(app, id);
    }

    [Fact]
    public async Task Delete_CarriedOutSeveralTimesAtOnce_LeavesNoInstance()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(Map(300));
        await app.WhenExecutedAsync("hold", 10);

        app.Announcer.Loses = true;
        await app.Runs.DeleteAsync(id);

        // A batch of which nothing had started yet may have found the run deleted, and asked for its removal too.
        var purge = await app.Get<OutboxStore>().ReadAsync().FirstAsync(entry => entry.Kind == OutboxKind.Purge);
        app.Announcer.Loses = false;
        for (var i = 0; i < 8; i++)
        {
            app.Announcer.Announce(purge);
        }

        await ShouldHaveNoneAsync(app, id);
    }

    [Fact]
    public async Task Delete_EndedRunWithBatches_LeavesNoInstance()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("hold");
        var id = await app.RunAsync(Map(300));
        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        await app.Runs.DeleteAsync(id);

        await ShouldHaveNoneAsync(app, id);
    }

    [Fact]
    public async Task Delete_OfARetriedRun_LeavesNoInstanceOfAnyAttempt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow =>
            {
                await flow.Map(Enumerable.Range(0, 150), (Work work, int number) => work.Do(number));
                return await flow.RunAsync((Work work) => work.FailUntil("second"));
            },
            Scripts.Retried
        );
        await app.WhenAsync(id, Core.States.StateNames.AwaitingRetry);
        app.Probe.Open("second");
        await app.DriveAsync(id);

        await app.Runs.DeleteAsync(id);

        await ShouldHaveNoneAsync(app, id);
    }

    [Fact]
    public async Task Delete_CarriedOutBeforeTheStartIsDispatched_LeavesNoInstance()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Announcer.Loses = true;
        var id = await app.RunAsync(Map(1));
        await app.Runs.DeleteAsync(id);
        var entries = await app.Get<OutboxStore>().ReadAsync().ToListAsync();
        entries.Select(entry => entry.Kind).ShouldBe([OutboxKind.Start, OutboxKind.Purge], ignoreOrder: true);

        app.Announcer.Loses = false;
        app.Announcer.Announce(entries.Single(entry => entry.Kind == OutboxKind.Purge));
        await app.WhenAsync(
            async () => await app.Get<OutboxStore>().ReadAsync().CountAsync() == 1,
            "the deletion, which had nothing to find"
        );
        app.Announcer.Announce(entries.Single(entry => entry.Kind == OutboxKind.Start));

        await ShouldHaveNoneAsync(app, id);
        app.Probe.Executed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_StartsAfterItsRunWasDeleted_IsRemovedToo()
    {
        // On Azure Storage the message that starts a batch may be delivered after the flow's own orchestration was purged.
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(Map(1));
        await app.WhenExecutedAsync("hold");
        await app.Runs.DeleteAsync(id);
        await ShouldHaveNoneAsync(app, id);

        TaskBatchInput late = new(
            new TaskRunSettings(id, 1, 1, "Serverless.Functions.Tests.Fixtures.Work.Do"),
            [new TaskRunItem(0, "{\"number\":1}")]
        );
        var instance = await app.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(TaskBatchOrchestrator),
            late,
            new Microsoft.DurableTask.StartOrchestrationOptions($"{OutboxEntry.InstanceIdOf(id, 1)}-1-batch0")
        );
        instance.ShouldStartWith(OutboxEntry.InstancePrefixOf(id));

        await ShouldHaveNoneAsync(app, id);
    }

    [Fact]
    public async Task Delete_OfAParent_LeavesItsSubflowsAndTheirInstances()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var parent = await app.RunAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, Child(app))));
        await app.WhenExecutedAsync("hold 7");
        var child = (await app.SubflowsAsync(parent)).ShouldHaveSingleItem();

        await app.Runs.DeleteAsync(parent);

        await ShouldHaveNoneAsync(app, parent);
        (await app.WhenFinalAsync(child.Id)).StateType.ShouldBe(Core.States.StateType.Cancelled);
        await app.ShouldSettleAsync(child.Id);
        (await InstancesAsync(app, child.Id)).Count.ShouldBe(1);
    }

    private static string Child(EmbeddedApp app)
    {
        app.Probe.Bodies["child"] = flow => flow.RunAsync((Work work) => work.HoldAsync(7));
        return "child";
    }

    private static async Task ShouldHaveNoneAsync(EmbeddedApp app, Guid flowRunId)
    {
        await app.WhenAsync(
            async () =>
            {
                await app.SweepOutboxAsync();
                return (await InstancesAsync(app, flowRunId)).Count == 0 && !await app.Get<OutboxStore>().ReadAsync().AnyAsync();
            },
            "the end of all instances"
        );
    }

    private static async Task<List<OrchestrationMetadata>> InstancesAsync(EmbeddedApp app, Guid flowRunId) =>
        await app
            .Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = OutboxEntry.InstancePrefixOf(flowRunId) })
            .ToListAsync();
}
