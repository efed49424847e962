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
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>Runs that wait for slots of concurrency limits, and hold them.</summary>
public sealed class ConcurrencyTests(ITestOutputHelper output)
{
    /// <summary>The table of limits and slots.</summary>
    private const string Table = "concurrency";

    [Fact]
    public async Task Deployment_LimitOfOne_RunsOneAfterTheOther()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        var first = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var second = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenAsync(second, StateNames.AwaitingConcurrencySlot);

        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        await app.WhenFinalAsync(second);

        (await app.StatesAsync(second)).ShouldBe("Scheduled AwaitingConcurrencySlot Pending Running Completed");
        (await app.GetAsync(second))
            .StartTime.ShouldNotBeNull()
            .ShouldBeGreaterThanOrEqualTo((await app.GetAsync(first)).EndTime.ShouldNotBeNull());
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_LimitOfZero_EndsTheRunAtOnceWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 0);

        var id = await app.RunAsync(_ => Task.FromResult(1));
        var run = await app.WhenFinalAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Crashed");
        run.State!.Message.ShouldBe("The deployment concurrency limit is 0. The flow will deadlock if submitted again.");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Deployment_LimitOfZeroAtAResume_EndsTheRunWithTheReason()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync();
            return 1;
        });
        await app.WhenAsync(id, StateNames.Paused);
        await LimitAsync(app, Scripts.Plain, 0);

        await app.Control.ResumeAsync(id);
        var run = await app.WhenFinalAsync(id);

        run.StateType.ShouldBe(StateType.Crashed);
        run.State!.Message.ShouldBe("The deployment concurrency limit is 0. The flow will deadlock if submitted again.");
        await app.ShouldSettleAsync(id);
    }

    [Fact]
    public async Task Deployment_CancelNew_CancelsTheSecondRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1, ConcurrencyLimitStrategy.CancelNew);
        var first = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        var second = await app.RunAsync(_ => Task.FromResult(2));
        var cancelled = await app.WhenFinalAsync(second);

        cancelled.StateType.ShouldBe(StateType.Cancelled);
        cancelled.State!.Message.ShouldBe("Deployment concurrency limit reached.");
        app.Probe.Count("body body-1").ShouldBe(0);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        await app.ShouldSettleAsync(first, second);
    }

    [Fact]
    public async Task Deployment_WaitingRunCancelled_EndsAtOnce()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        var first = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var second = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenAsync(second, StateNames.AwaitingConcurrencySlot);

        await app.Control.CancelAsync(second);

        (await app.StatesAsync(second)).ShouldBe("Scheduled AwaitingConcurrencySlot Cancelled");
        await app.ShouldSettleAsync(second);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
    }

    [Fact]
    public async Task Deployment_Retry_GivesTheSlotBackAndTakesOneAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Retried, 1);
        var first = await app.RunAsync(
            flow => flow.Run.RunCount == 1 ? throw new InvalidOperationException("fails") : Task.FromResult(1),
            Scripts.Retried
        );
        await app.WhenAsync(first, StateNames.AwaitingRetry);
        var second = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(2)), Scripts.Retried);
        await app.WhenExecutedAsync("hold 2");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(60));
        await app.WhenAsync(first, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(second);
        var run = await app.DriveAsync(first);

        (await app.StatesAsync(first)).ShouldBe(
            "Scheduled Pending Running AwaitingRetry AwaitingConcurrencySlot Pending Running Completed"
        );
        run.RunCount.ShouldBe(2);
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_PauseIsResumed_TakesASlotAgain()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        var first = await app.RunAsync(async flow =>
        {
            await flow.PauseAsync(TimeSpan.FromHours(1));
            return 1;
        });
        await app.WhenAsync(first, StateNames.Paused);
        var second = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(2)));
        await app.WhenExecutedAsync("hold 2");

        (await app.Control.ResumeAsync(first)).ShouldNotBeNull().Status.ShouldBe(SetStateStatus.Accept);
        await app.WhenAsync(first, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(second);
        var run = await app.DriveAsync(first);

        (await app.StatesAsync(first)).ShouldBe(
            "Scheduled Pending Running Paused Resuming AwaitingConcurrencySlot Pending Running Completed"
        );
        run.RunCount.ShouldBe(1);
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_RunCreatedPending_WaitsForASlotToo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        var first = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        var shown = await app.GetAsync(first);
        app.Probe.Bodies["pending"] = _ => Task.FromResult(2);

        var second = (
            await app.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = shown.FlowId,
                    DeploymentId = shown.DeploymentId,
                    Parameters = shown.Parameters.ToDictionary(pair => pair.Key, _ => JsonSerializer.SerializeToElement("pending")),
                }
            )
        ).Run.Id;
        await app.WhenAsync(second, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        await app.DriveAsync(second);

        (await app.StatesAsync(second)).ShouldBe("Pending Scheduled AwaitingConcurrencySlot Pending Running Completed");
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_RetryWithSlotFree_IsRetrying()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Retried, 1);
        var id = await app.RunAsync(
            flow => flow.Run.RunCount == 1 ? throw new InvalidOperationException("fails") : Task.FromResult(1),
            Scripts.Retried
        );

        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldBe("Scheduled Pending Running AwaitingRetry Pending Retrying Completed");
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_ResumedWithoutSlot_WaitsForOne()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        var first = await app.RunAsync(async flow =>
        {
            await flow.SuspendAsync(TimeSpan.FromHours(1));
            return 1;
        });
        await app.WhenAsync(first, StateNames.Suspended);
        var second = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(2)));
        await app.WhenExecutedAsync("hold 2");

        await app.Control.ResumeAsync(first);
        await app.WhenAsync(first, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(second);
        var run = await app.DriveAsync(first);

        (await app.StatesAsync(first)).ShouldBe(
            "Scheduled Pending Running Suspended Resuming AwaitingConcurrencySlot Pending Running Completed"
        );
        run.RunCount.ShouldBe(1);
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Delete_RunWhoseTasksHoldSlots_FreesThem()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, Scripts.Plain, 1);
        await app.LimitTagAsync(1);
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.NarrowAsync(1)));
        await app.WhenExecutedAsync("hold 1");

        await app.Runs.DeleteAsync(id);
        await app.WhenAsync(async () => await app.Store.TakenSlotsAsync() == 0, "the slots");
    }

    [Fact]
    public async Task Crash_BetweenClaimAndCommit_TheSweepFreesTheSlot()
    {
        await using var app = await EmbeddedApp.StartAsync(sweep: true);
        await LimitAsync(app, Scripts.Plain, 1);
        var claimed = false;
        app.Store.BeforeCommit = async commit =>
        {
            var table = commit.Operations[0].Address.Table;
            if (claimed && table == "runs")
            {
                await app.CrashAsync();
            }

            claimed |= table == Table;
        };
        var creation = app.RunAsync(_ => Task.FromResult(1));
        await app.WhenCrashedAsync();
        (await app.Away.TakenSlotsAsync()).ShouldBe(1);
        await app.RestartAsync(TimeSpan.FromSeconds(1));
        var id = (await app.Runs.FilterAsync(new FlowRunQuery()))[0].Id;
        await app.WhenAsync(id, StateNames.AwaitingConcurrencySlot);

        await app.DriveAsync(id);

        (await app.StatesAsync(id)).ShouldEndWith("AwaitingConcurrencySlot Pending Running Completed");
        await app.ShouldSettleAsync(id);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfARunWithLimits_LeavesNoSlotTaken()
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync(sweep: true);
            await LimitAsync(app, Scripts.Retried, 1);
            await app.LimitTagAsync(2);
            app.Probe.Bodies["body"] = LimitedBody;
            app.Probe.Open("hold");
            app.Store.CrashAfter = app.Store.Commits + commit;
            var creation = app.CreateAsync(Scripts.Retried, "body");
            if (
                await Task.WhenAny(creation, app.WhenCrashedAsync()) == creation
                && await app.DriveToCrashAsync(await creation) is { } ended
            )
            {
                await Task.WhenAny(app.ShouldSettleAsync(ended.Id), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            if ((await app.Runs.FilterAsync(new FlowRunQuery())) is [var run, ..])
            {
                var last = await app.DriveAsync(run.Id);
                await app.ShouldSettleAsync(run.Id);
                last.StateType.ShouldBe(StateType.Completed);
                last.RunCount.ShouldBe(2);
                (await app.ResultAsync(run.Id)).ShouldBe("3");
            }

            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await app.Get<SlotSweep>().RunAsync();
            await app.ShouldBeFreeAsync();
            if (!crashed)
            {
                commit.ShouldBeGreaterThan(20);
                return;
            }
        }
    }

    private static async Task<int> LimitedBody(FlowContext flow)
    {
        var mapped = await flow.Map(Enumerable.Range(0, 3), (Work work, int number) => work.NarrowAsync(number));
        return flow.Run.RunCount == 1 ? throw new InvalidOperationException("the first attempt fails") : mapped.Sum();
    }

    private static async Task LimitAsync(EmbeddedApp app, string flow, int limit, ConcurrencyLimitStrategy? strategy = null)
    {
        var deployment = await app.DeploymentAsync(flow);
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(deployment, limit);
        if (strategy is { } collision)
        {
            await app.Get<DeploymentService>()
                .UpdateAsync(
                    deployment,
                    (stored, _) => stored with { ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = collision } }
                );
        }
    }
}
