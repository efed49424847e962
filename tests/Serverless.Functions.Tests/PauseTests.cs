using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Tests;

public sealed class PauseTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Pause_WithInput_GoesOnWithTheAnswer()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow => (await flow.PauseAsync<Answer>(Hour, description: "May I?")).Approved ? 1 : 0);
        var paused = await app.WhenAsync(id, StateNames.Paused);
        paused.State!.StateDetails.PauseTimeout.ShouldBe(app.Clock.GetUtcNow() + Hour);

        var refused = await app.Control.ResumeAsync(id, Input("""{"approved": "perhaps"}"""));
        refused!.Status.ShouldBe(SetStateStatus.Reject);
        (await app.GetAsync(id)).StateId.ShouldBe(paused.StateId);

        (await app.Control.ResumeAsync(id, Input("""{"approved": true}""")))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        (await app.ResultAsync(id)).ShouldBe("1");
        run.RunCount.ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Pause_NotResumedInTime_FailsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync(Hour);
            return 1;
        });
        await app.WhenAsync(id, StateNames.Paused);

        var run = await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Failed");
        run.State!.Message.ShouldBe("The flow was paused and never resumed.");
        run.EndTime.ShouldBeAt(run.StartTime + Hour + TimeSpan.FromMilliseconds(1));
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Pause_ResumedAtItsLastMoment_GoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync(Hour);
            return 1;
        });
        await app.WhenAsync(id, StateNames.Paused);

        app.Clock.Advance(Hour);
        (await app.Control.ResumeAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Pause_ResumedAsItTimesOut_FailsOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync(Hour);
            return 1;
        });
        await app.WhenAsync(id, StateNames.Paused);

        // The orchestration's verdict is held back until the late resume is answered.
        TaskCompletionSource<bool> judged = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address.Table == "runs" && judged.TrySetResult(true))
            {
                await answered.Task;
            }
        };
        await app.AdvanceToTimerAsync(Hour + TimeSpan.FromMilliseconds(1));
        await judged.Task.WaitAsync(EmbeddedApp.Patience);
        var late = await app.Control.ResumeAsync(id);
        answered.SetResult();
        await app.ShouldSettleAsync(id);

        late!.Status.ShouldBe(SetStateStatus.Reject);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Failed");
    }

    [Fact]
    public async Task Pause_ResumedBeforeTheOrchestrationKnowsOfIt_GoesOn()
    {
        await using var app = await EmbeddedApp.StartAsync();
        TaskCompletionSource resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync(Hour);
            return 1;
        });

        // What the runtime writes after the pause waits for the resume.
        app.Store.BeforeCommit = async commit =>
        {
            if (commit.Operations[0].Address.Table != "runs" && (await app.GetAsync(id)).StateName == StateNames.Paused)
            {
                await resumed.Task;
            }
        };
        await app.WhenAsync(id, StateNames.Paused);
        (await app.Control.ResumeAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        resumed.SetResult();
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        await app.ShouldSettleAsync(id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Suspend_Resumed_ComesBackByWayOfScheduled(bool restart)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.SuspendAsync(Hour);
            return await flow.RunAsync((Work work) => work.Do(1));
        });
        await app.WhenAsync(id, StateNames.Suspended);
        if (restart)
        {
            await app.RestartAsync(Minute);
        }

        (await app.Control.ResumeAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Suspended Resuming Pending Running Completed");
        run.RunCount.ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Suspend_WithoutDeployment_FailsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["suspends"] = async flow =>
        {
            await flow.SuspendAsync(Hour);
            return 1;
        };
        var template = await app.GetAsync(await app.RunAsync(_ => Task.FromResult(1)));
        var created = await app.Runs.CreateAsync(
            new FlowRunCreate
            {
                FlowId = template.FlowId,
                Parameters = Input("""{"body": "suspends"}"""),
                State = ProposedStates.Scheduled(),
            }
        );

        var run = await app.WhenFinalAsync(created.Run.Id);

        run.State!.Message!.ShouldContain("Cannot suspend flows without a deployment.");
        await app.ShouldSettleAsync(run.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExternalPause_WhileATaskRuns_HoldsTheNextOne(bool suspend)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Work work) => work.HoldAsync(1)) + await flow.RunAsync((Work work) => work.Do(2))
        );
        await app.WhenExecutedAsync("hold 1");

        (await (suspend ? app.Control.SuspendAsync(id, Hour) : app.Control.PauseAsync(id, Hour)))!.Status.ShouldBe(SetStateStatus.Accept);
        app.Probe.Open("hold");
        await app.WhenAsync(
            async () => (await app.TaskRunsAsync(id)).Any(task => task.StateName == StateNames.Completed),
            "the first task's end"
        );
        app.Clock.Advance(Minute);
        (await app.Control.ResumeAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe(
            suspend
                ? "Scheduled Pending Running Suspended Resuming Pending Running Completed"
                : "Scheduled Pending Running Paused Running Completed"
        );
        run.RunCount.ShouldBe(1);
        (await app.TaskRunsAsync(id)).Single(task => task.Name == "do-0").StartTime.ShouldBeAt(run.StartTime + Minute);
        app.Probe.Count("do 2").ShouldBe(1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task ExternalPause_OfBatches_HoldsWhatHasNotStarted()
    {
        const int Count = 250;
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, Count), (Work work, int number) => work.HoldAsync(number))).Length
        );
        await app.WhenExecutedAsync("hold");

        (await app.Control.PauseAsync(id, Hour))!.Status.ShouldBe(SetStateStatus.Accept);
        app.Probe.Open("hold");
        app.Clock.Advance(Minute);

        // All that had started end; the others stay behind the pause.
        await app.WhenAsync(async () => await app.CountTaskRunsAsync(id, StateType.Running) == 0, "the end of the running tasks");
        var started = app.Probe.Count("hold");
        app.Clock.Advance(Minute);
        (await app.Control.ResumeAsync(id))!.Status.ShouldBe(SetStateStatus.Accept);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        (await app.ResultAsync(id)).ShouldBe("250");
        var tasks = await app.TaskRunsAsync(id);
        tasks.Count.ShouldBe(Count);

        // A start that was judged before the pause and written after it bears the time at which it was judged.
        var before = tasks.Count(task => task.StartTime.IsAt(run.StartTime));
        before.ShouldBeInRange(started, Count - 1);
        tasks.Count(task => task.StartTime.IsAt(run.StartTime + (2 * Minute))).ShouldBe(Count - before);
        tasks.ShouldAllBe(task => task.RunCount == 1);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task ExternalPause_OfBatchesWhoseTasksEndMeanwhile_LeavesNoBatchOpen()
    {
        const int Count = 101;
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            (await flow.Map(Enumerable.Range(0, Count), (Work work, int number) => work.HoldAsync(number))).Length
        );
        await app.WhenExecutedAsync("hold", Count);
        var flow = OutboxEntry.InstanceIdOf(id, 1);
        string[] batches = [$"{flow}-1-batch0", $"{flow}-1-batch1"];
        await app.Control.PauseAsync(id, Hour);

        // Each batch waits for the end of the pause, by a timer of its own.
        await app.WhenAsync(async () => (await Task.WhenAll(batches.Select(WakesAsync))).All(wakes => wakes), "the batches' timers");
        app.Probe.Open("hold");
        foreach (var batch in batches)
        {
            (await app.Client.WaitForInstanceCompletionAsync(batch).WaitAsync(EmbeddedApp.Patience)).IsCompleted.ShouldBeTrue();
        }

        (await app.GetAsync(id)).StateName.ShouldBe(StateNames.Paused);
        await app.Control.ResumeAsync(id);
        (await app.WhenFinalAsync(id)).StateName.ShouldBe(StateNames.Completed);
        await app.ShouldSettleAsync(id);

        async Task<bool> WakesAsync(string instance) =>
            (await app.Store.GetAsync(new RowAddress("instances", instance, "instance")))?.Properties.Get<DateTimeOffset?>("wake")
                is not null;
    }

    [Fact]
    public async Task ExternalPause_WhileTheBodyEnds_HoldsTheEnd()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        await app.Control.PauseAsync(id, Hour);
        app.Probe.Open("hold");
        await app.WhenAsync(async () => (await app.TaskRunAsync(id)).StateName == StateNames.Completed, "the task's end");
        app.Clock.Advance(Minute);
        await app.Control.ResumeAsync(id);
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Completed");
        run.EndTime.ShouldBeAt(run.StartTime + Minute);
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task ExternalPause_NotResumedInTime_FailsTheRunAndStopsItsBody()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.SleepAsync(10 * Hour);
            return 1;
        });
        await app.Clock.WaitForTimerAsync(10 * Hour).WaitAsync(EmbeddedApp.Patience);

        await app.Control.PauseAsync(id, Hour);
        await app.AdvanceToTimerAsync(Hour + TimeSpan.FromMilliseconds(1));

        await app.WhenFinalAsync(id);
        await app.ShouldSettleAsync(id);
        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Failed");
    }

    [Fact]
    public async Task Pause_BehindAnExternalPause_WaitsForBoth()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.RunAsync((Work work) => work.HoldAsync(1));
            return (await flow.PauseAsync<Answer>(Hour)).Approved ? 1 : 0;
        });
        await app.WhenExecutedAsync("hold 1");
        await app.Control.PauseAsync(id, Hour);
        app.Probe.Open("hold");
        await app.WhenAsync(async () => (await app.TaskRunAsync(id)).StateName == StateNames.Completed, "the task's end");

        await app.Control.ResumeAsync(id);
        await app.WhenAsync(async () => (await app.GetAsync(id)).State!.StateDetails.PauseKey == "pause-1", "the flow's own pause");
        await app.Control.ResumeAsync(id, Input("""{"approved": true}"""));
        await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running Paused Running Paused Running Completed");
        (await app.ResultAsync(id)).ShouldBe("1");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task ExternalPause_Subflow_StartsAfterTheResume()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
            await flow.RunAsync((Work work) => work.HoldAsync(1)) + await flow.RunAsync(() => Scripts.Count(2))
        );
        await app.WhenExecutedAsync("hold 1");

        await app.Control.PauseAsync(id, Hour);
        app.Probe.Open("hold");
        await app.WhenAsync(
            async () => (await app.TaskRunsAsync(id)).Any(task => task.StateName == StateNames.Completed),
            "the task's end"
        );
        app.Clock.Advance(Minute);
        await app.Control.ResumeAsync(id);
        var run = await app.WhenFinalAsync(id);

        run.StateName.ShouldBe(StateNames.Completed);
        (await app.ResultAsync(id)).ShouldBe("3");
        (await app.SubflowsAsync(id)).ShouldHaveSingleItem().StartTime.ShouldBeAt(run.StartTime + Minute);
        await app.ShouldSettleAsync(id);
    }

    private static Dictionary<string, JsonElement> Input(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
