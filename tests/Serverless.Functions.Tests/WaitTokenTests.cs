using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests;

/// <summary>Waits of a flow that its own code cancels.</summary>
public sealed class WaitTokenTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Sleep_CancelledAfterTheWork_LetsTheRunEndAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var sleep = flow.SleepAsync(Hour, stop.Token);
            var work = flow.RunAsync((Work tasks) => tasks.Do(1));
            await Task.WhenAny(work, sleep);
            stop.Cancel();
            return await CancelledAsync(sleep) ? await work : -1;
        });

        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
    }

    [Fact]
    public async Task Sleep_LeftOpenByTheBody_DoesNotHoldUpTheRunOrItsParent()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.FreeBodies["child"] = async flow => await await Task.WhenAny(ValueOf(flow.SleepAsync(Hour)), Task.FromResult<object?>(5));
        var id = await app.RunFreeAsync(flow => flow.RunAsync((Scripts scripts) => scripts.RunFreeAsync(flow, "child")));

        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);

        (await app.ResultAsync(id)).ShouldBe("5");

        static async Task<object?> ValueOf(Task task)
        {
            await task;
            return null;
        }
    }

    [Fact]
    public async Task Sleep_CancelledBeforeARestart_IsCancelledInTheReplay()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var sleep = flow.SleepAsync(Hour, stop.Token);
            await flow.RunAsync((Work work) => work.Do(1));
            stop.Cancel();
            var cancelled = await CancelledAsync(sleep);
            await flow.RunAsync((Work work) => work.HoldAsync(1));
            return cancelled ? 1 : 0;
        });
        await app.WhenExecutedAsync("hold 1");

        await app.RestartAsync();
        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        app.Probe.Count("do 1").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Sleep_TokenCancelledBefore_StartsNoTimer()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            await CancelledAsync(flow.SleepAsync(Hour, new CancellationToken(canceled: true)))
            && await CancelledAsync(flow.RunAsync((Work work) => work.Do(1), cancellationToken: new CancellationToken(canceled: true)))
            && await CancelledAsync(flow.PauseAsync(cancellationToken: new CancellationToken(canceled: true)))
                ? 1
                : 0
        );

        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Completed");
        (await app.TaskRunsAsync(id)).ShouldBeEmpty();
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Sleep_CancelledByTheBodyThatLetsItThrow_FailsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var sleep = flow.SleepAsync(Hour, stop.Token);
            stop.Cancel();
            await sleep;
            return 1;
        });

        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Failed);
        run.State!.StateDetails.ErrorType.ShouldBe("System.OperationCanceledException");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Run_WaitCancelled_TheTaskGoesOnAndTheFlowWaitsForIt()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var wait = flow.RunAsync((Work work) => work.HoldAsync(1), cancellationToken: stop.Token);
            await flow.RunAsync((Work work) => work.Do(2));
            stop.Cancel();
            var cancelled = await CancelledAsync(wait);
            app.Probe.Note("went on");
            return cancelled ? 1 : 0;
        });
        await app.WhenExecutedAsync("went on");
        await app.WhenExecutedAsync("hold 1");
        (await app.GetAsync(id)).StateType.ShouldBe(StateType.Running);

        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        app.Probe.Count("held 1").ShouldBe(1);
        (await app.CountTaskRunsAsync(id, StateType.Completed)).ShouldBe(2);
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(false, false, "Scheduled Pending Running Paused Running Completed")]
    [InlineData(true, false, "Scheduled Pending Running Suspended Resuming Pending Running Completed")]
    [InlineData(false, true, "Scheduled Pending Running Paused Running Completed")]
    public async Task Pause_Cancelled_TheRunGoesOn(bool suspend, bool restart, string states)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var pause = suspend
                ? flow.SuspendAsync(TimeSpan.FromDays(1), "k", stop.Token)
                : flow.PauseAsync(TimeSpan.FromDays(1), "k", stop.Token);
            await Task.WhenAny(pause, flow.SleepAsync(Hour));
            stop.Cancel();
            var cancelled = await CancelledAsync(pause);
            return cancelled ? await flow.RunAsync((Work work) => work.HoldAsync(1)) : 0;
        });
        await app.WhenAsync(id, suspend ? StateNames.Suspended : StateNames.Paused);
        await app.AdvanceToTimerAsync(Hour);
        await app.WhenExecutedAsync("hold 1");
        if (restart)
        {
            await app.RestartAsync();
        }

        app.Probe.Open("hold");
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        (await app.StatesAsync(id)).ShouldBe(states);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Pause_CancelledWhileSomebodyElseHoldsTheRun_LeavesItPaused()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.RunAsync((Work work) => work.HoldAsync(1));
            using CancellationTokenSource stop = new();
            var pause = flow.PauseAsync(TimeSpan.FromDays(1), "k", stop.Token);
            await Task.WhenAny(pause, flow.SleepAsync(Hour));
            stop.Cancel();
            var cancelled = await CancelledAsync(pause);
            app.Probe.Note("cancelled");
            return cancelled ? 1 : 0;
        });
        await app.WhenExecutedAsync("hold 1");
        await app.Control.PauseAsync(id, TimeSpan.FromDays(2));
        app.Probe.Open("hold");
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Completed) == 1, "the task");
        await app.AdvanceToTimerAsync(Hour);
        await app.WhenExecutedAsync("cancelled");
        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Paused);

        await app.Control.ResumeAsync(id);
        await app.WhenFinalAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Crash_AtAnyCommitOfACancelledPause_MovesOn(int commit)
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var id = await app.RunAsync(async flow =>
        {
            using CancellationTokenSource stop = new();
            var pause = flow.PauseAsync(TimeSpan.FromDays(1), "k", stop.Token);
            await Task.WhenAny(pause, flow.SleepAsync(Hour));
            stop.Cancel();
            return await CancelledAsync(pause) ? 1 : 0;
        });
        app.Store.CrashAfter = app.Store.Commits + commit;
        if (await app.DriveToCrashAsync(id) is null)
        {
            await app.RestartAsync();
        }

        app.Store.Survive();
        await app.DriveAsync(id);

        (await app.ResultAsync(id)).ShouldBe("1");
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        await app.ShouldSettleAsync(id);
    }

    private static async Task<bool> CancelledAsync(Task task)
    {
        try
        {
            await task;
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
