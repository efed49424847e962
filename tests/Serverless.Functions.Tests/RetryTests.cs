using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.FlowRuns;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;

namespace Serverless.Functions.Tests;

public sealed class RetryTests
{
    [Fact]
    public async Task Flow_FailsAndLeavesASleepOpen_IsRetriedAtItsTime()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow =>
            {
                var sleep = flow.SleepAsync(TimeSpan.FromHours(10));
                var work = flow.RunAsync((Work tasks) => tasks.FailUntil("second"));
                await Task.WhenAny(work, sleep);
                return await work;
            },
            Scripts.Retried
        );
        await app.WhenAsync(id, StateNames.AwaitingRetry);
        app.Probe.Open("second");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(60));
        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Completed);
        run.RunCount.ShouldBe(2);
    }

    [Fact]
    public async Task Task_FailsTwice_IsRetriedAfterItsDelays()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Fail(2)));

        (await app.DriveAsync(id)).StateName.ShouldBe(StateNames.Completed);

        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Completed");
        task.RunCount.ShouldBe(3);
        (await app.ResultAsync(id)).ShouldBe("3");
        app.Probe.Executed.Skip(1).ShouldBe(["attempt 1", "attempt 2", "attempt 3"]);
        var states = await app.Get<TaskRunService>().GetStatesAsync(task.Id);
        (states[3].Timestamp - states[2].Timestamp).ShouldBeAbout(TimeSpan.FromSeconds(10));
        (states[5].Timestamp - states[4].Timestamp).ShouldBeAbout(TimeSpan.FromSeconds(20));
        states[2].Message.ShouldBe("Task run encountered an exception InvalidOperationException: attempt 1 fails");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Task_FailsWithoutEnd_FailsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.Fail(9)));

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Failed");
        run.State!.Message!.ShouldContain(
            "'fail' ended as Failed: Task run encountered an exception InvalidOperationException: attempt 4 fails"
        );
        (await app.TaskRunAsync(id)).RunCount.ShouldBe(4);
        app.Probe.Count("attempt 4").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_FailsOnce_RunsOnlyTheFailedTaskAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(
            async flow => await flow.RunAsync((Work work) => work.Do(1)) + await flow.RunAsync((Work work) => work.FailUntil("gate")),
            Scripts.Retried
        );

        await app.WhenAsync(id, StateNames.AwaitingRetry);
        app.Probe.Open("gate");
        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
        run.RunCount.ShouldBe(2);
        (await app.ResultAsync(id)).ShouldBe("2");
        app.Probe.Count("do 1").ShouldBe(1);
        app.Probe.Count("fail gate").ShouldBe(2);
        var states = await app.Runs.GetStatesAsync(id);
        (states[4].Timestamp - states[3].Timestamp).ShouldBeAbout(TimeSpan.FromSeconds(60));
        foreach (var task in await app.TaskRunsAsync(id))
        {
            (await app.TaskStatesAsync(task.Id)).ShouldBe(
                task.Name.StartsWith("do", StringComparison.Ordinal)
                    ? "Pending Running Completed"
                    : "Pending Running Failed Retrying Completed"
            );
        }

        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_FailsWithoutEnd_FailsAfterItsRetries()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => throw new InvalidOperationException("never works"), Scripts.Retried);

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Failed");
        run.RunCount.ShouldBe(3);
        run.State!.Message.ShouldBe("Flow run encountered an exception: InvalidOperationException: never works");
        var states = await app.Runs.GetStatesAsync(id);
        (states[4].Timestamp - states[3].Timestamp).ShouldBeAbout(TimeSpan.FromSeconds(60));
        (states[6].Timestamp - states[5].Timestamp).ShouldBeAbout(TimeSpan.FromSeconds(90));
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_CancelledBeforeItsRetry_IsNotRunAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => throw new InvalidOperationException("never works"), Scripts.Retried);
        await app.WhenAsync(id, StateNames.AwaitingRetry);

        await app.Control.CancelAsync(id);
        await app.ShouldSettleAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Cancelled");
        app.Probe.Executed.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task ResumeFlowRun_LateLookAtARunThatAwaitsItsRetry_LeavesItAlone()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(_ => throw new InvalidOperationException("never works"), Scripts.Retried);
        await app.WhenAsync(id, StateNames.AwaitingRetry);
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        var look = await new ResumeFlowRun(app.Runs, app.Gate, app.Get<CommitRetry>(), app.Clock).RunAsync(
            new FlowRunStart(id, Generation: 1),
            CancellationToken.None
        );

        look.Kind.ShouldBe(PauseKind.Resumed);
        (await app.GetAsync(id)).RunCount.ShouldBe(1);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry");
    }

    [Fact]
    public async Task Task_TakesTooLong_TimesOut()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.LingerAsync()));
        await app.WhenExecutedAsync("linger");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(5));
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Failed");
        run.State!.Message!.ShouldContain("'linger' ended as TimedOut: Task run exceeded timeout of 5.0 second(s)");
        var task = await app.TaskRunAsync(id);
        (await app.TaskStatesAsync(task.Id)).ShouldBe("Pending Running TimedOut");
        task.StateType.ShouldBe(StateType.Failed);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Flow_TakesTooLong_TimesOutAndTellsItsTasks()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var start = app.Clock.GetUtcNow();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)), Scripts.Limited);
        await app.WhenExecutedAsync("hold 1");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(300));
        await app.WhenExecutedAsync("told 1");
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running TimedOut");
        run.StateType.ShouldBe(StateType.Failed);
        run.State!.Message.ShouldBe("Flow run exceeded timeout of 300.0 second(s)");
        run.EndTime.ShouldBeAt(start + TimeSpan.FromSeconds(300));
        await app.ShouldSettleAsync(id);
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Cancelled");
    }

    [Fact]
    public async Task Flow_TimesOutAndIsRetried_IgnoresTheTaskThatWentOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.PersistAsync(1)), Scripts.LimitedAndRetried);
        await app.WhenExecutedAsync("persist 1");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(300));
        await app.WhenAsync(id, StateNames.AwaitingRetry);
        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(30));
        await app.WhenExecutedAsync("persist 1", times: 2);

        // Nothing asked over and over whether the task may start again.
        app.Store.Commits.ShouldBeLessThan(200);
        app.Probe.Open("hold");
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Retrying Completed");
        run.RunCount.ShouldBe(2);
        await app.ShouldSettleAsync(id);
        (await app.TaskStatesAsync((await app.TaskRunAsync(id)).Id)).ShouldBe("Pending Running Cancelled Retrying Completed");
    }
}
