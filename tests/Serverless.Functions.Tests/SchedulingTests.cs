using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests;

public sealed class SchedulingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Run_DueNow_Completes()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Do(7)));

        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.ResultAsync(id)).ShouldBe("7");
        run.RunCount.ShouldBe(1);
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Run_ScheduledForLater_StartsOnTime()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var due = app.Clock.GetUtcNow() + Hour;
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Do(1)), after: Hour);

        await app.AdvanceToTimerAsync(Hour);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        run.StartTime.ShouldBeAt(due);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(90)]
    public async Task Run_ScheduledForLaterAndRestarted_StartsOnTimeOrAtOnce(int minutesDown)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var due = app.Clock.GetUtcNow() + Hour;
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Do(1)), after: Hour);
        (await app.Clock.WaitForTimerAsync(Hour).WaitAsync(EmbeddedApp.Patience)).ShouldBe(due);

        await app.RestartAsync(TimeSpan.FromMinutes(minutesDown));
        var start = due > app.Clock.GetUtcNow() ? due : app.Clock.GetUtcNow();
        await app.AdvanceToTimerAsync(start - app.Clock.GetUtcNow());

        (await app.WhenFinalAsync(id)).StartTime.ShouldBeAt(start);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        app.Probe.Count("do 1").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Run_CancelledBeforeItsTime_NeverRunsItsBody()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => Task.FromResult(1), after: Hour);

        await app.Control.CancelAsync(id);
        await app.ShouldSettleAsync(id);
        app.Clock.Advance(2 * Hour);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Cancelled");
        (await app.GetAsync(id)).RunCount.ShouldBe(0);
        app.Probe.Executed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DeletedBeforeItsTime_NeverRunsItsBody()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => Task.FromResult(1), after: Hour);
        await app.Clock.WaitForTimerAsync(Hour).WaitAsync(EmbeddedApp.Patience);

        (await app.Runs.DeleteAsync(id)).ShouldBeTrue();
        await app.ShouldSettleAsync();
        app.Clock.Advance(2 * Hour);

        (await app.Runs.GetAsync(id)).ShouldBeNull();
        (await app.Client.GetInstanceAsync(OutboxEntry.InstanceIdOf(id, 1))).ShouldBeNull();
        app.Probe.Executed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Sleeping_SurvivesARestart()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var start = app.Clock.GetUtcNow();
        var id = await app.RunAsync(async flow =>
        {
            await flow.SleepAsync(Hour);
            return await flow.RunAsync((Work work) => work.Do(1));
        });
        await app.Clock.WaitForTimerAsync(Hour).WaitAsync(EmbeddedApp.Patience);

        await app.RestartAsync(Hour / 2);
        await app.AdvanceToTimerAsync(Hour / 2);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        run.EndTime.ShouldBeAt(start + Hour);
        run.RunCount.ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Run_DeletedWhileItsTaskRuns_LeavesNothing()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        (await app.Runs.DeleteAsync(id)).ShouldBeTrue();
        await app.WhenExecutedAsync("told 1");
        await app.ShouldSettleAsync();

        (await app.Runs.GetAsync(id)).ShouldBeNull();
        (await app.Runs.GetStatesAsync(id)).ShouldBeEmpty();
        (await app.TaskRunsAsync(id)).ShouldBeEmpty();
        (await app.Client.GetInstanceAsync(OutboxEntry.InstanceIdOf(id, 1))).ShouldBeNull();
    }
}
