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

/// <summary>A deployment whose older runs are cancelled for newer ones.</summary>
public sealed class OverlapTests(ITestOutputHelper output)
{
    private const string Message = "A newer run of the deployment takes its place.";

    [Fact]
    public async Task Deployment_NextRunIsDue_OlderIsCancelledAndTheNewerCompletes()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        var older = await HoldAsync(app, 1);

        var newer = await NextAsync(app, _ => Task.FromResult(2));
        var cancelled = await app.WhenFinalAsync(older);
        var completed = await app.WhenFinalAsync(newer);

        (cancelled.StateType, cancelled.State!.Message).ShouldBe((StateType.Cancelled, Message));
        (await app.StatesAsync(older)).ShouldBe("Scheduled Pending Running Cancelling Cancelled");
        (await app.StatesAsync(newer)).ShouldBe("Scheduled AwaitingConcurrencySlot Pending Running Completed");
        completed.StartTime.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(cancelled.EndTime.ShouldNotBeNull());
        await app.ShouldSettleAsync(older, newer);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_TwoNewerRunsAtOnce_OnlyTheNewestStays()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1);
        var first = await HoldAsync(app, 1);
        var due = TimeSpan.FromMinutes(1);
        var second = await app.RunAsync(_ => Task.FromResult(2), after: due);
        var third = await app.RunAsync(_ => Task.FromResult(3), after: due + TimeSpan.FromSeconds(1));

        app.Clock.Advance(due + TimeSpan.FromSeconds(5));
        await app.WhenFinalAsync(third);
        await app.WhenFinalAsync(second);

        (await app.GetAsync(first)).State!.Message.ShouldBe(Message);
        (await app.GetAsync(second)).StateType.ShouldBe(StateType.Cancelled);
        (await app.GetAsync(second)).State!.Message.ShouldBe(Message);
        (await app.GetAsync(third)).StateType.ShouldBe(StateType.Completed);
        app.Probe.Count("body body-1").ShouldBe(0, "the second one never began");
        await app.ShouldSettleAsync(first, second, third);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Deployment_Retry_WaitsForTheNewerRun()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await LimitAsync(app, 1, Scripts.Retried);
        var older = await app.RunAsync(
            flow => flow.Run.RunCount == 1 ? throw new InvalidOperationException("fails") : Task.FromResult(1),
            Scripts.Retried
        );
        await app.WhenAsync(older, StateNames.AwaitingRetry);
        var newer = await NextAsync(app, flow => flow.RunAsync((Work work) => work.HoldAsync(2)), Scripts.Retried);
        await app.WhenExecutedAsync("hold 2");

        await app.AdvanceToTimerAsync(TimeSpan.FromSeconds(59));
        await app.WhenAsync(older, StateNames.AwaitingConcurrencySlot);
        app.Probe.Open("hold");

        (await app.WhenFinalAsync(newer)).StateType.ShouldBe(StateType.Completed);
        (await app.DriveAsync(older)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(older, newer);
        await app.ShouldBeFreeAsync();
    }

    [Fact]
    public async Task Crash_AtEveryCommitOfTheNewerRun_OlderIsCancelledAndTheNewerCompletes()
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync(sweep: true);
            await LimitAsync(app, 1);
            var older = await HoldAsync(app, 1);
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            app.Probe.Bodies["newer"] = _ => Task.FromResult(2);
            app.Store.CrashAfter = app.Store.Commits + commit;
            var creation = app.CreateAsync(Scripts.Plain, "newer");
            if (
                await Task.WhenAny(creation, app.WhenCrashedAsync()) == creation
                && await app.DriveToCrashAsync(await creation) is { } ended
            )
            {
                await Task.WhenAny(app.ShouldSettleAsync(ended.Id, older), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            if ((await app.Runs.FilterAsync(new FlowRunQuery())).FirstOrDefault(run => run.Id != older) is { } newer)
            {
                (await app.DriveAsync(newer.Id)).StateType.ShouldBe(StateType.Completed);
                var cancelled = await app.DriveAsync(older);
                (cancelled.StateType, cancelled.State!.Message).ShouldBe((StateType.Cancelled, Message), $"crash at commit {commit}");
                await app.ShouldSettleAsync(older, newer.Id);
                app.Clock.Advance(TimeSpan.FromMinutes(1));
                await app.Get<SlotSweep>().RunAsync();
                await app.ShouldBeFreeAsync();
            }

            if (!crashed)
            {
                commit.ShouldBeGreaterThan(8);
                return;
            }
        }
    }

    private static async Task<Guid> HoldAsync(EmbeddedApp app, int number)
    {
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(number)));
        await app.WhenExecutedAsync($"hold {number}");
        return id;
    }

    /// <summary>A run that is due a second later.</summary>
    private static Task<Guid> NextAsync(EmbeddedApp app, Func<FlowContext, Task<int>> body, string flow = Scripts.Plain)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        return app.RunAsync(body, flow);
    }

    private static async Task LimitAsync(EmbeddedApp app, int limit, string flow = Scripts.Plain)
    {
        var deployment = await app.DeploymentAsync(flow);
        await app.Get<ConcurrencyLimits>().SetDeploymentLimitAsync(deployment, limit);
        ConcurrencyOptions options = new() { CollisionStrategy = ConcurrencyLimitStrategy.CancelRunning };
        await app.Get<DeploymentService>().UpdateAsync(deployment, (stored, _) => stored with { ConcurrencyOptions = options });
    }
}
