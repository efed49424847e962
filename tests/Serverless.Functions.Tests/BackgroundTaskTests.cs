using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Storage;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Logs;
using Serverless.Server.Outbox;
using Serverless.Server.Retention;
using Serverless.Server.Runs;

namespace Serverless.Functions.Tests;

/// <summary>Tasks that run outside any flow, in orchestrations of their own.</summary>
public sealed class BackgroundTaskTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Delay_OutsideAnyFlow_RunsTheTaskAndGivesItsValue()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var run = await app.Background.DelayAsync((Work work) => work.Do(3));

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(3);
        (await app.TaskStatesAsync(run.Id)).ShouldBe("Scheduled Running Completed");
        var stored = (await app.BackgroundRunsAsync()).ShouldHaveSingleItem();
        (stored.Id, stored.FlowRunId, stored.RunCount).ShouldBe((run.Id, null, 1));
        stored.TaskKey.ShouldBe("Serverless.Functions.Tests.Fixtures.Work.Do");
        stored.Name.ShouldStartWith("do-");
        (await app.TaskRuns.GetStatesAsync(run.Id))[0].StateDetails.Deferred.ShouldBe(true);
        (await run.GetStateAsync()).ShouldNotBeNull().Result<int>().ShouldBe(3);
        app.Probe.Count("do 3").ShouldBe(1);
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Delay_StaticTaskWithOptions_HasNameTagsAndVersionOfTheTask()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var run = await app.Background.DelayAsync(() => Work.Twice(4), new DelayOptions { RunName = "mine", Tags = ["nightly"] });

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(8);
        var stored = await app.TaskAsync(run.Id);
        (stored.Name, stored.TaskVersion).ShouldBe(("mine", "v2"));
        stored.Tags.ShouldBe(["declared", "nightly"]);
    }

    [Fact]
    public async Task Delay_Scheduled_RunsAtItsTime()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var due = app.Clock.GetUtcNow() + Hour;

        var run = await app.Background.DelayAsync((Work work) => work.Do(1), new DelayOptions { ScheduledTime = due });
        await app.SweepOutboxAsync();

        (await run.GetStateAsync()).ShouldNotBeNull().Name.ShouldBe("Scheduled");
        (await app.DriveTaskAsync(run.Id)).StartTime.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(due.AddSeconds(-1));
        (await run.ResultAsync()).ShouldBe(1);
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Delay_TaskThatFails_IsRetriedByDurableTimersAndThrowsWhatACallThrows()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var passing = await app.Background.DelayAsync((Work work) => work.Fail(2, null!));
        var failing = await app.Background.DelayAsync((Work work) => work.Fail(9, null!));
        await app.DriveTaskAsync(passing.Id);
        await app.DriveTaskAsync(failing.Id);

        (await passing.ResultAsync()).ShouldBe(3);
        (await app.TaskStatesAsync(passing.Id)).ShouldBe("Scheduled Running AwaitingRetry Retrying AwaitingRetry Retrying Completed");
        var error = await Should.ThrowAsync<FailedRunException>(() => failing.ResultAsync());
        error.Message.ShouldContain("Task 'fail' ended as Failed");
        error.Message.ShouldContain("attempt 4 fails");
        (await failing.WaitAsync()).IsFailed.ShouldBeTrue();
        await app.ShouldSettleTasksAsync(passing.Id, failing.Id);
    }

    [Fact]
    public async Task Delay_TaskThatTakesTooLong_TimesOut()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var run = await app.Background.DelayAsync((Work work) => work.LingerAsync(default));
        await app.WhenExecutedAsync("linger");

        (await app.DriveTaskAsync(run.Id)).StateName.ShouldBe("TimedOut");
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Cancel_WhileItRuns_CancelsItsToken()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");

        (await app.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Cancelled("by hand"))).Status.ShouldBe(SetStateStatus.Accept);

        await app.WhenExecutedAsync("told 1");
        await Should.ThrowAsync<CancelledRunException>(() => run.ResultAsync());
        (await app.TaskStatesAsync(run.Id)).ShouldBe("Scheduled Running Cancelled");
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Cancel_OnAnotherInstance_CancelsItsToken()
    {
        await using var app = await EmbeddedApp.StartAsync(watch: true);
        await using OtherInstance other = new(app);
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");

        await other.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Cancelled("by hand"));
        var told = app.WhenExecutedAsync("told 1");
        while (!told.IsCompleted)
        {
            var timer = app.Clock.WaitForTimerAsync(TimeSpan.FromSeconds(5));
            if (await Task.WhenAny(told, timer).WaitAsync(EmbeddedApp.Patience) == timer)
            {
                app.Clock.AdvanceTo(await timer);
            }
        }

        await told;
    }

    [Fact]
    public async Task Cancel_BeforeItsTime_EndsItsOrchestrationAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync(
            (Work work) => work.Do(1),
            new DelayOptions { ScheduledTime = app.Clock.GetUtcNow() + TimeSpan.FromDays(300) }
        );
        await app.SweepOutboxAsync();

        await app.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Cancelled());

        await app.ShouldSettleTasksAsync(run.Id);
        (await app.TaskStatesAsync(run.Id)).ShouldBe("Scheduled Cancelled");
        app.Probe.Count("do 1").ShouldBe(0);
    }

    [Fact]
    public async Task Delay_WithAnIdempotencyKey_IsOneRunOfTheTaskUntilItIsDeleted()
    {
        await using var app = await EmbeddedApp.StartAsync();
        DelayOptions once = new() { IdempotencyKey = "once" };

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Background.DelayAsync((Work work) => work.Do(1), once)));
        var other = await app.Background.DelayAsync((Work work) => work.Count("abc"), once);

        var id = runs.Select(run => run.Id).Distinct().ShouldHaveSingleItem();
        other.Id.ShouldNotBe(id);
        (await other.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(3);
        await runs[0].ResultAsync().WaitAsync(EmbeddedApp.Patience);
        app.Probe.Count("do 1").ShouldBe(1);

        (await app.TaskRuns.DeleteAsync(id)).ShouldBeTrue();
        var again = await app.Background.DelayAsync((Work work) => work.Do(1), once);
        again.Id.ShouldNotBe(id);
        (await again.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
        (await runs[0].GetStateAsync()).ShouldBeNull();
        await Should.ThrowAsync<InvalidOperationException>(() => runs[0].ResultAsync());
        await app.ShouldSettleTasksAsync(id, again.Id, other.Id);
    }

    [Fact]
    public async Task Delay_WhatIsNoTaskOfThisApp_IsRefused()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var tasks = app.Background;
        TaskFuture<int> future = null!;

        (await Should.ThrowAsync<FlowRegistrationException>(() => tasks.DelayAsync(() => Math.Abs(-1)))).Message.ShouldContain(
            "neither a task nor a flow"
        );
        await Should.ThrowAsync<ArgumentException>(() => tasks.DelayAsync(() => 1 + 2));
        await Should.ThrowAsync<ArgumentException>(() => tasks.DelayAsync((Scripts scripts) => scripts.RunAsync(null!, "body")));
        (
            await Should.ThrowAsync<ArgumentException>(() => tasks.DelayAsync((Work work) => work.Do(future.AsArgument())))
        ).Message.ShouldContain("future");
        (await app.BackgroundRunsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("key")]
    [InlineData("long key")]
    [InlineData("name")]
    [InlineData("tag")]
    [InlineData("time")]
    public async Task Delay_OptionsThatMakeNoSense_AreRefused(string what)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var options = what switch
        {
            "key" => new DelayOptions { IdempotencyKey = "" },
            "long key" => new DelayOptions { IdempotencyKey = new string('k', 1025) },
            "name" => new DelayOptions { RunName = new string('n', 201) },
            "tag" => new DelayOptions { Tags = [""] },
            _ => new DelayOptions { ScheduledTime = DateTimeOffset.MaxValue },
        };

        await Should.ThrowAsync<ArgumentException>(() => app.Background.DelayAsync((Work work) => work.Do(1), options));

        (await app.BackgroundRunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delay_ArgumentsThatAreTooLarge_AreRefused()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var text = new string('x', PayloadLimitException.MaxCharacters);

        await Should.ThrowAsync<PayloadLimitException>(() => app.Background.DelayAsync((Work work) => work.Count(text)));

        (await app.BackgroundRunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Delay_LargeArgumentsAndStrangeKey_AreTakenAsTheyAre()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var text = new string('ü', 500_000);
        DelayOptions options = new() { IdempotencyKey = "a/b\\c#?\n|' --" };

        var run = await app.Background.DelayAsync((Work work) => work.Count(text), options);

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(500_000);
        (await app.Background.DelayAsync((Work work) => work.Count("b"), options)).Id.ShouldBe(run.Id);
    }

    [Fact]
    public async Task Get_InAnotherProcess_FindsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = (await app.Background.DelayAsync((Work work) => work.HoldAsync(5, default))).Id;
        await app.WhenExecutedAsync("hold 5");

        await app.RestartAsync(TimeSpan.FromSeconds(1));
        app.Probe.Open("hold");

        (await app.Background.Get<int>(id).ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(5);
        (await app.Background.Get(Guid.NewGuid()).GetStateAsync()).ShouldBeNull();
        app.Probe.Count("hold 5").ShouldBe(2);
        (await app.TaskStatesAsync(id)).ShouldBe("Scheduled Running Completed");
    }

    [Fact]
    public async Task Wait_LongerThanItsTimeout_Throws()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");

        var wait = run.WaitAsync(TimeSpan.FromMinutes(1));
        await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<TimeoutException>(() => wait.WaitAsync(EmbeddedApp.Patience));
        app.Probe.Open("hold");
        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
    }

    [Fact]
    public async Task Flow_Delays_GoesOnAndLeavesTheRunWhenItIsCancelled()
    {
        await using var app = await EmbeddedApp.StartAsync();
        Guid delayed = default;
        var id = await app.RunAsync(async flow =>
        {
            var five = flow.Submit((Work work) => work.Do(5));
            using (flow.WithTags("scoped"))
            {
                delayed = await flow.DelayAsync((Work work) => work.HoldAsync(five.AsArgument(), default));
            }

            return await flow.RunAsync((Work work) => work.HoldAsync(1, default));
        });
        await app.WhenExecutedAsync("hold 5");
        await app.WhenExecutedAsync("hold 1");

        await app.Control.CancelAsync(id);
        await app.WhenFinalAsync(id);
        app.Probe.Count("told 5").ShouldBe(0);
        app.Probe.Open("hold");

        (await app.Background.Get<int>(delayed).ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(5);
        var task = await app.TaskAsync(delayed);
        task.Tags.ShouldBe(["scoped"]);
        var upstream = (await app.TaskRunsAsync(id)).Single(run => run.TaskKey.EndsWith(nameof(Work.Do), StringComparison.Ordinal));
        var input = task.TaskInputs.ShouldHaveSingleItem();
        input.Key.ShouldBe("number");
        input.Value.ShouldHaveSingleItem().Id.ShouldBe(upstream.Id);
        await app.ShouldSettleAsync(id);
        await app.ShouldSettleTasksAsync(delayed);
    }

    [Fact]
    public async Task Task_DelaysAndIsCutOff_GetsTheRunsThatItAskedFor()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.WaitingBodies["delays"] = async task =>
        {
            var first = await task.BackgroundTasks.DelayAsync((Work work) => work.Do(1));
            var second = await task.BackgroundTasks.DelayAsync((Work work) => work.Do(1));
            var third = await app.Background.DelayAsync((Work work) => work.Do(2));
            app.Probe.Note("delayed");
            await app.Probe.PassAsync("hold", task.CancellationToken);
            return $"{first} {second} {third}";
        };
        var run = await app.Background.DelayAsync((Work work) => work.AskAsync("delays"));
        await app.WhenExecutedAsync("delayed");

        await app.RestartAsync(TimeSpan.FromSeconds(1));
        app.Probe.Open("hold");

        var ids = (await app.Background.Get<string>(run.Id).ResultAsync().WaitAsync(EmbeddedApp.Patience)).Split(' ').Select(Guid.Parse);
        (await app.BackgroundRunsAsync()).Select(each => each.Id).Order().ShouldBe(ids.Append(run.Id).Order());
        app.Probe.Count("ask delays").ShouldBe(2);
    }

    [Fact]
    public async Task Hooks_OfABackgroundTask_AreCalledWithoutAFlowRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Probe.Open("hook");

        var run = await app.Background.DelayAsync(
            (HookedWork work) => work.DoAsync(5, null!),
            new DelayOptions { RunName = "hooked-task" }
        );

        await app.WhenExecutedAsync("begin hooked-task");
        await app.WhenExecutedAsync("hooked-task Completed with 5");
        await app.ShouldSettleTasksAsync(run.Id);
        await app.WhenAsync(
            async () => (await LinesAsync(app, run.Id)).Contains("told of Completed"),
            "the line of the hook in the log of the task run"
        );
    }

    [Fact]
    public async Task TagLimit_OfOne_RunsOneAfterTheOther()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.LimitTagAsync(1);
        var first = await app.Background.DelayAsync((Work work) => work.NarrowAsync(1, default));
        await app.WhenExecutedAsync("hold 1");
        var second = await app.Background.DelayAsync((Work work) => work.NarrowAsync(2, default));
        await app.SweepOutboxAsync();
        app.Probe.Count("hold 2").ShouldBe(0);

        app.Probe.Open("hold");

        (await first.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
        await app.DriveTaskAsync(second.Id);
        (await second.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(2);
        await app.ShouldSettleTasksAsync(first.Id, second.Id);
    }

    [Fact]
    public async Task Cache_OfTheArguments_GivesTheStoredValue()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var first = await app.Background.DelayAsync((CachedWork work) => work.Square(3));
        (await first.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(9);
        var second = await app.Background.DelayAsync((CachedWork work) => work.Square(3));

        (await second.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(9);
        (await app.TaskAsync(second.Id)).StateName.ShouldBe("Cached");
        app.Probe.Count("square 3").ShouldBe(1);
    }

    [Fact]
    public async Task ResultStorage_OfATask_GivesTheValueToWhoAsks()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var run = await app.Background.DelayAsync((StoringWork work) => work.Make(5));

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).Length.ShouldBe(5);
        app.ResultFolder.GetFiles("*", SearchOption.AllDirectories).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_WhileItRuns_CancelsItsTokenAndRemovesItsOrchestration()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");
        var wait = run.WaitAsync();

        (await app.TaskRuns.DeleteAsync(run.Id)).ShouldBeTrue();

        await app.WhenExecutedAsync("told 1");
        await Should.ThrowAsync<InvalidOperationException>(() => wait.WaitAsync(EmbeddedApp.Patience));
        await app.SweepOutboxAsync();
        await app.WhenAsync(
            async () => await app.Client.GetInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(run.Id)) is null,
            "the removal of the orchestration"
        );
        (await app.BackgroundRunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task SetState_ByClients_IsForEndsOnlyAndStartsNothingAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");

        (await app.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Pending())).Status.ShouldBe(SetStateStatus.Abort);
        app.Probe.Open("hold");
        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
        var deferred = ProposedStates.Scheduled(details: new StateDetails { Deferred = true });
        foreach (var force in new[] { false, true })
        {
            var answer = await app.Gate.SetTaskRunStateAsync(run.Id, deferred, force);
            answer.Status.ShouldBe(SetStateStatus.Abort);
        }

        (await app.TaskStatesAsync(run.Id)).ShouldBe("Scheduled Running Completed");
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Queue_OfTaskWorkers_HasNoTaskRunsOfThisApp()
    {
        await using var app = await EmbeddedApp.StartAsync();
        app.Announcer.Loses = true;
        var run = await app.Background.DelayAsync((Work work) => work.Do(1));
        var key = (await app.TaskAsync(run.Id)).TaskKey;
        TaskRunCreate others = new()
        {
            TaskKey = key,
            DynamicKey = "client",
            State = ProposedStates.Scheduled(details: new StateDetails { Deferred = true }),
        };
        var client = await app.Gate.CreateTaskRunAsync(others);

        var queued = await app.Get<TaskQueue>().ReadAsync(key, (_, _) => true).ToListAsync();

        queued.Select(each => each.Id).ShouldBe([client.Run.Id]);
        (await app.Background.Get(client.Run.Id).GetStateAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Delay_WithTheKeyOfAClientsTaskRun_IsRefused()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.Gate.CreateTaskRunAsync(
            new TaskRunCreate { TaskKey = "Serverless.Functions.Tests.Fixtures.Work.Do", DynamicKey = "key:taken" }
        );

        var error = await Should.ThrowAsync<InvalidOperationException>(() =>
            app.Background.DelayAsync((Work work) => work.Do(1), new DelayOptions { IdempotencyKey = "taken" })
        );

        error.Message.ShouldContain("A client has created a task run");
    }

    [Fact]
    public async Task Run_OfATaskThatIsGone_EndsAsCrashed()
    {
        await using var app = await EmbeddedApp.StartAsync();

        var created = await app.Get<BackgroundTaskRuns>()
            .CreateAsync(new BackgroundTaskRequest { TaskKey = "Gone.Task", Input = """{"arguments":"{}"}""" });
        var run = await app.DriveTaskAsync(created.Run.Id);

        (run.StateType, run.State!.Message).ShouldBe((StateType.Crashed, "Task 'Gone.Task' is not registered in this app."));
        await app.ShouldSettleTasksAsync(run.Id);
    }

    [Fact]
    public async Task Sweep_OrchestrationTerminated_EndsTheRunAsCrashed()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        var run = await app.Background.DelayAsync((Work work) => work.HoldAsync(1, default));
        await app.WhenExecutedAsync("hold 1");

        await app.Client.TerminateInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(run.Id));
        await SweepUntilAsync(app, async () => (await app.TaskAsync(run.Id)).StateType == StateType.Crashed);

        await Should.ThrowAsync<CrashedRunException>(() => run.ResultAsync());
        app.Probe.Open("hold");
    }

    [Fact]
    public async Task Sweep_OrchestrationMissing_StartsIt()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        app.Announcer.Loses = true;
        var run = await app.Background.DelayAsync((Work work) => work.Do(1));
        foreach (var entry in await app.Get<OutboxStore>().ReadAsync().ToListAsync())
        {
            await app.Get<OutboxStore>().DeleteAsync(entry);
        }

        await SweepUntilAsync(app, () => Task.FromResult(app.Probe.Count("do 1") > 0));

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
    }

    [Fact]
    public async Task Outbox_AnnouncementLost_IsSwept()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        app.Announcer.Loses = true;
        var run = await app.Background.DelayAsync((Work work) => work.Do(1));

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(15));

        (await run.ResultAsync().WaitAsync(EmbeddedApp.Patience)).ShouldBe(1);
        app.Probe.Count("do 1").ShouldBe(1);
    }

    [Fact]
    public async Task Retention_AnEndedRunThatIsOldEnough_DeletesItWithItsOrchestration()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.Do(1));
        await run.ResultAsync().WaitAsync(EmbeddedApp.Patience);
        await app.ShouldSettleTasksAsync(run.Id);

        app.Clock.Advance(TimeSpan.FromDays(91));
        await app.Get<RetentionSweep>().RunAsync();

        (await run.GetStateAsync()).ShouldBeNull();
        await app.SweepOutboxAsync();
        (await app.Client.GetInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(run.Id))).ShouldBeNull();
    }

    [Fact]
    public async Task HistoryPurge_AnEndedRun_DropsItsHistoryAndKeepsTheRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var run = await app.Background.DelayAsync((Work work) => work.Do(1));
        await run.ResultAsync().WaitAsync(EmbeddedApp.Patience);
        await app.ShouldSettleTasksAsync(run.Id);

        app.Clock.Advance(HistoryPurge.Grace + Hour);
        await app.Get<HistoryPurge>().RunAsync(app.Client, CancellationToken.None);

        (await app.Client.GetInstanceAsync(OutboxEntry.BackgroundInstanceIdOf(run.Id))).ShouldBeNull();
        (await run.ResultAsync()).ShouldBe(1);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(EmbeddedApp app, Guid taskRunId)
    {
        await app.Get<RunLogs>().FlushAllAsync();
        LogQuery query = new() { Logs = new LogFilter { TaskRunId = new IdFilter { Any = [taskRunId] } } };
        return [.. (await app.Get<LogQueries>().FilterAsync(query)).Select(line => line.Message)];
    }

    private static async Task SweepUntilAsync(EmbeddedApp app, Func<Task<bool>> condition)
    {
        using CancellationTokenSource patience = new(EmbeddedApp.Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await app.AdvanceToTimerAsync(TimeSpan.FromMinutes(1));
        }
    }
}
