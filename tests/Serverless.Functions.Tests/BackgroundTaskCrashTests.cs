using Serverless.Core.States;
using Serverless.Flows;
using Serverless.Functions.Tests.Fixtures;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>The process dies after each commit in turn: no background task run is lost, nor runs twice without need.</summary>
public sealed class BackgroundTaskCrashTests(ITestOutputHelper output)
{
    private const string Body = "body";

    [Fact]
    public async Task Crash_AtEveryCommitOfADelayedTask_RunsItOnce()
    {
        var crashes = await CrashEverywhereAsync(
            app => app.Background.DelayAsync((Work work) => work.Do(1), new DelayOptions { IdempotencyKey = "once" }),
            async (app, id) =>
            {
                (await app.TaskStatesAsync(id)).ShouldBe("Scheduled Running Completed");
                (await app.TaskAsync(id)).RunCount.ShouldBe(1);
                (await app.Background.Get<int>(id).ResultAsync()).ShouldBe(1);
                app.Probe.Count("do 1").ShouldBeInRange(1, 2);
            }
        );
        crashes.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfAScheduledTaskWithRetries_MakesEachAttemptInItsTurn()
    {
        var crashes = await CrashEverywhereAsync(
            app =>
                app.Background.DelayAsync(
                    (Work work) => work.Fail(1, null!),
                    new DelayOptions { IdempotencyKey = "once", ScheduledTime = app.Clock.GetUtcNow() + TimeSpan.FromHours(1) }
                ),
            async (app, id) =>
            {
                (await app.TaskStatesAsync(id)).ShouldBe("Scheduled Running AwaitingRetry Retrying Completed");
                (await app.Background.Get<int>(id).ResultAsync()).ShouldBe(2);
                app.Probe.Count("attempt 1").ShouldBeInRange(1, 2);
                app.Probe.Count("attempt 2").ShouldBeInRange(1, 2);
            }
        );
        crashes.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfACancellation_LeavesNothingRunning()
    {
        var crashes = await CrashEverywhereAsync(
            async app =>
            {
                DateTimeOffset due = app.Clock.GetUtcNow() + TimeSpan.FromDays(100);
                DelayOptions options = new() { IdempotencyKey = "once", ScheduledTime = due };
                var run = await app.Background.DelayAsync((Work work) => work.Do(1), options);
                await app.Gate.SetTaskRunStateAsync(run.Id, ProposedStates.Cancelled());
                return run;
            },
            async (app, id) =>
            {
                (await app.TaskStatesAsync(id)).ShouldBe("Scheduled Cancelled");
                app.Probe.Count("do 1").ShouldBe(0);
            }
        );
        crashes.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfAFlowThatDelays_DelaysOnce()
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync();
            app.Probe.Bodies[Body] = async flow =>
            {
                var first = await flow.RunAsync((Work work) => work.Do(1));
                await flow.DelayAsync((Work work) => work.Do(2));
                await flow.DelayAsync((Work work) => work.Do(2));
                await flow.SleepAsync(TimeSpan.FromMinutes(1));
                return first;
            };
            app.Store.CrashAfter = app.Store.Commits + commit;
            var creation = app.CreateAsync(Scripts.Plain, Body);
            if (await Task.WhenAny(creation, app.WhenCrashedAsync()) == creation && await app.DriveToCrashAsync(await creation) is not null)
            {
                await Task.WhenAny(SettleAsync(app), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            var run = (await app.Runs.FilterAsync(new Core.Filters.FlowRunQuery()))[0];
            (await app.DriveAsync(run.Id)).StateType.ShouldBe(StateType.Completed);
            await SettleAsync(app);
            await app.ShouldSettleAsync(run.Id);
            var delayed = (await app.TaskRunsAsync(run.Id)).Where(task => task.DelayedBy == run.Id);
            delayed.Select(task => task.StateName).ShouldBe(["Completed", "Completed"]);
            app.Probe.Count("do 2").ShouldBeInRange(2, 3);
            if (!crashed)
            {
                (commit - 1).ShouldBeGreaterThan(15);
                return;
            }
        }

        throw new InvalidOperationException("The commits do not end.");
    }

    /// <summary>Who asks for a run and gets no answer asks again with the same key.</summary>
    private async Task<int> CrashEverywhereAsync<T>(Func<EmbeddedApp, Task<T>> delay, Func<EmbeddedApp, Guid, Task> verify)
        where T : BackgroundTaskRun
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync();
            app.Store.CrashAfter = app.Store.Commits + commit;
            var asked = delay(app);
            if (
                await Task.WhenAny(asked, app.WhenCrashedAsync()) == asked
                && await app.DriveTaskToCrashAsync((await asked).Id) is { } ended
            )
            {
                await Task.WhenAny(app.ShouldSettleTasksAsync(ended.Id), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            var run = crashed ? await delay(app) : await asked;
            await app.DriveTaskAsync(run.Id);
            await app.ShouldSettleTasksAsync(run.Id);
            (await app.BackgroundRunsAsync()).ShouldHaveSingleItem();
            await verify(app, run.Id);
            if (!crashed)
            {
                return commit - 1;
            }
        }

        throw new InvalidOperationException("The commits do not end.");
    }

    private static async Task SettleAsync(EmbeddedApp app)
    {
        await app.SweepOutboxAsync();
        foreach (var task in (await app.TaskRuns.FilterAsync(new Core.Filters.TaskRunQuery { Limit = 200 })).Where(IsInBackground))
        {
            await app.DriveTaskToCrashAsync(task.Id);
            await app.ShouldSettleTasksAsync(task.Id);
        }

        static bool IsInBackground(Core.Models.TaskRun task) => task.DelayedBy is not null || task.FlowRunId is null;
    }
}
