using System.Text.Json;
using Microsoft.DurableTask.Client;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Deployments;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

public sealed class SweepTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task SweepOutbox_AnnouncementLost_DispatchesTheEntry()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        app.Announcer.Loses = true;
        var id = await app.RunAsync(_ => Task.FromResult(1));
        (await app.Get<OutboxStore>().ReadAsync().ToListAsync()).ShouldHaveSingleItem();

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(15));
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task SweepFlowRuns_OrchestrationMissing_StartsIt()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(_ => Task.FromResult(1), after: Hour);
        var instance = OutboxEntry.InstanceIdOf(id, 1);
        await app.WhenAsync(async () => !await app.Get<OutboxStore>().ReadAsync().AnyAsync(), "the start");
        await app.Client.TerminateInstanceAsync(instance);
        await app.Client.WaitForInstanceCompletionAsync(instance);
        await app.Client.PurgeInstanceAsync(instance);

        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task SweepFlowRuns_BodyChangedBetweenRestarts_CrashesTheRunWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.HoldAsync(2))
        );
        await app.WhenExecutedAsync("hold 2");

        await app.CrashAsync();
        app.Probe.Bodies["body-0"] = async flow =>
        {
            await flow.SleepAsync(Hour);
            return await flow.RunAsync((Work work) => work.Do(3));
        };
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Crashed");
        run.State!.Message!.ShouldContain("TaskRunActivity");
        app.Probe.Count("do 3").ShouldBe(0);
        await app.ShouldSettleAsync(id);
        (await app.TaskRunsAsync(id)).Select(task => task.StateName).Order().ShouldBe(["Completed", "Crashed"]);
    }

    [Fact]
    public async Task SweepFlowRuns_ParentTerminated_EndsItsSubflowsToo()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        app.Probe.Bodies["child"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        app.Probe.Bodies["done"] = _ => Task.FromResult(7);
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "done"))
            + await flow.RunAsync((Scripts scripts) => scripts.RunAsync(flow, "child"))
        );
        await app.WhenExecutedAsync("hold 1");
        var child = (await app.SubflowsAsync(id)).Single(run => run.StateType == StateType.Running);
        var done = (await app.SubflowsAsync(id)).Single(run => run.StateType == StateType.Completed);

        await app.Client.TerminateInstanceAsync(OutboxEntry.InstanceIdOf(id, 1));
        await app.Client.WaitForInstanceCompletionAsync(OutboxEntry.InstanceIdOf(id, 1)).WaitAsync(EmbeddedApp.Patience);
        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Crashed");
        var ended = await app.WhenFinalAsync(child.Id);
        (ended.StateType, ended.State!.Message).ShouldBe((StateType.Cancelled, "The parent run has ended."));
        (await app.GetAsync(done.Id)).StateId.ShouldBe(done.StateId);
        (await app.ResultAsync(done.Id)).ShouldBe("7");
        await app.ShouldSettleAsync(id, child.Id);
    }

    [Fact]
    public async Task SweepFlowRuns_EndRefusedByTheRules_CrashesTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        app.Probe.Bodies["body"] = flow => flow.RunAsync((Work work) => work.HoldAsync(1));
        var flowId = (await app.Get<DeploymentService>().GetAsync(Scripts.Limited, "default"))!.FlowId;
        var id = (
            await app.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = flowId,
                    Parameters = new Dictionary<string, JsonElement> { ["body"] = JsonSerializer.SerializeToElement("body") },
                }
            )
        ).Run.Id;
        await app.WhenExecutedAsync("hold");

        // Possible by force only: without a deployment no rule lets the run out of it again, also not when its time is over.
        await app.Gate.ProposeFlowRunStateAsync(id, ProposedStates.Suspended(), TransitionOrigin.Client, force: true);
        await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(5));
        await app.WhenExecutedAsync("told 1");
        await app.Client.WaitForInstanceCompletionAsync(OutboxEntry.InstanceIdOf(id, 1)).WaitAsync(EmbeddedApp.Patience);
        await app.WhenSweptAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Pending Running Suspended Crashed");
        await app.ShouldSettleAsync(id);
    }
}
