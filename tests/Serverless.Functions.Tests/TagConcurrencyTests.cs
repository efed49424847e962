using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Tests;

/// <summary>Limits of task runs by tag.</summary>
public sealed class TagConcurrencyTests
{
    [Fact]
    public async Task Tag_LimitOnAMap_LetsAsManyRunAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.LimitTagAsync(2);
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 6), (Work work, int number) => work.NarrowAsync(number))).Sum()
        );
        await app.WhenExecutedAsync("hold", 2);
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Pending) == 4, "four that wait");

        app.Probe.Count("hold").ShouldBe(2);
        (await app.CountTaskRunsAsync(id, StateType.Running)).ShouldBe(2);
        app.Probe.Open("hold");
        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("15");
        foreach (var task in await app.TaskRunsAsync(id))
        {
            (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running Completed");
        }

        await app.ShouldSettleAsync(id);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Tag_LimitOfZero_EndsTheTaskRunAtOnceWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.LimitTagAsync(0);

        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.NarrowAsync(1)));
        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldNotBeNull().ShouldContain($"The concurrency limit on tag \"{Work.NarrowTag}\" is 0");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Tag_RunAgainAfterItsTasksWereCancelledWaiting_RunsThem()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.LimitTagAsync(1);
        var holder = await app.RunAsync(flow => flow.RunAsync((Work work) => work.NarrowAsync(9)));
        await app.WhenExecutedAsync("hold 9");
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 3), (Work work, int number) => work.NarrowAsync(number))).Sum()
        );
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Pending) == 3, "three that wait");
        await app.Control.CancelAsync(id);
        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Cancelled);

        await app.Gate.SetFlowRunStateAsync(id, ProposedStates.Scheduled());
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Pending) == 3, "three that wait again");
        app.Probe.Open("hold");

        (await app.WhenFinalAsync(id)).StateType.ShouldBe(StateType.Completed);
        (await app.ResultAsync(id)).ShouldBe("3");
        await app.ShouldSettleAsync(holder, id);
    }

    [Fact]
    public async Task Tag_WaitingTasksOfACancelledRun_AreCancelled()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.LimitTagAsync(1);
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, 3), (Work work, int number) => work.NarrowAsync(number))).Sum()
        );
        await app.WhenExecutedAsync("hold");
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Pending) == 2, "two that wait");

        await app.Control.CancelAsync(id);
        await app.DriveAsync(id);

        await app.ShouldSettleAsync(id);
        (await app.TaskRunsAsync(id)).ShouldAllBe(task => task.StateType == StateType.Cancelled);
        app.Probe.Count("hold").ShouldBe(1);
        await app.ShouldBeFreeAsync();
    }
}
