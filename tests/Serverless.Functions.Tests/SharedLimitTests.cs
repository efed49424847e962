using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Concurrency;
using Serverless.Server.Deployments;
using Xunit.Abstractions;

namespace Serverless.Functions.Tests;

/// <summary>Deployments of two flows that share a concurrency limit.</summary>
public sealed class SharedLimitTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Deployments_LimitOfOne_RunOneAfterTheOther()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await ShareAsync(app, await CreateLimitAsync(app, "database"));
        var first = await HoldAsync(app);
        var second = await WaitingAsync(app);

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
    public async Task Deployments_OneCancelsNew_OnlyItsRunsAreCancelled()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await ShareAsync(app, await CreateLimitAsync(app, "database"));
        await app.Get<DeploymentControl>()
            .UpdateAsync(
                await app.DeploymentAsync(Scripts.Retried),
                new DeploymentUpdate
                {
                    ConcurrencyOptions = new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.CancelNew },
                }
            );
        var first = await HoldAsync(app);

        var queues = await app.RunAsync(_ => Task.FromResult(2));
        await app.WhenAsync(queues, StateNames.AwaitingConcurrencySlot);
        var cancelled = await app.WhenFinalAsync(await app.RunAsync(_ => Task.FromResult(3), Scripts.Retried));

        cancelled.StateType.ShouldBe(StateType.Cancelled);
        cancelled.State!.Message.ShouldBe("Deployment concurrency limit reached.");
        app.Probe.Open("hold");
        (await app.WhenFinalAsync(queues)).StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(first, queues, cancelled.Id);
        await app.ShouldBeFreeAsync();
    }

    /// <summary>Nobody ends who holds the slot: what happens to the limit has the waiting run go on.</summary>
    [Theory]
    [InlineData("delete")]
    [InlineData("deactivate")]
    [InlineData("raise")]
    [InlineData("unbind")]
    [InlineData("bind to another")]
    [InlineData("own")]
    public async Task Limit_ChangedWhileARunWaits_TheRunGoesOn(string how)
    {
        await using var app = await EmbeddedApp.StartAsync();
        var limit = await CreateLimitAsync(app, "database");
        await ShareAsync(app, limit);
        var first = await HoldAsync(app);
        var second = await WaitingAsync(app);
        var limits = app.Get<ConcurrencyLimits>();

        await (
            how switch
            {
                "delete" => limits.DeleteAsync(limit, default),
                "deactivate" => limits.UpdateAsync(limit, new LimitChanges(Active: false), default),
                "raise" => limits.UpdateAsync(limit, new LimitChanges(2), default),
                "unbind" => ShareAsync(app, null, Scripts.Retried),
                "own" => app.Get<DeploymentControl>()
                    .UpdateAsync(await app.DeploymentAsync(Scripts.Retried), new DeploymentUpdate { ConcurrencyLimit = 1 }),
                _ => (Task)ShareAsync(app, await CreateLimitAsync(app, "other"), Scripts.Retried),
            }
        );

        (await app.WhenFinalAsync(second)).StateType.ShouldBe(StateType.Completed);
        app.Probe.Open("hold");
        await app.WhenFinalAsync(first);
        await app.ShouldSettleAsync(first, second);
        await app.ShouldBeFreeAsync();
    }

    /// <summary>A waiting run's deployment gets another limit, and the process dies at any commit of that and what follows.</summary>
    [Fact]
    public async Task Crash_AtEveryCommitOfAnotherLimit_NoRunIsLost()
    {
        foreach (var commit in TestRows.Crashes())
        {
            output.WriteLine($"Crash at commit {commit}.");
            await using var app = await EmbeddedApp.StartAsync(sweep: true);
            await ShareAsync(app, await CreateLimitAsync(app, "database"));
            var other = await CreateLimitAsync(app, "other");
            var first = await HoldAsync(app);
            var second = await WaitingAsync(app);
            app.Store.CrashAfter = app.Store.Commits + commit;
            var sharing = ShareAsync(app, other, Scripts.Retried);
            var isShared = await Task.WhenAny(sharing, app.WhenCrashedAsync()) == sharing;
            if (isShared && await app.DriveToCrashAsync(second) is { } ended)
            {
                // The end of a run is seen before the commits that follow it.
                await Task.WhenAny(app.ShouldSettleAsync(ended.Id), app.WhenCrashedAsync());
            }

            var crashed = app.Store.Survive();
            if (crashed)
            {
                await app.RestartAsync(TimeSpan.FromSeconds(1));
            }

            if (!isShared)
            {
                // Whoever got no answer asks again.
                await ShareAsync(app, other, Scripts.Retried);
            }

            (await app.DriveAsync(second)).StateType.ShouldBe(StateType.Completed, $"crash at commit {commit}");
            app.Probe.Open("hold");
            (await app.DriveAsync(first)).StateType.ShouldBe(StateType.Completed, $"crash at commit {commit}");
            await app.ShouldSettleAsync(first, second);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
            await app.Get<SlotSweep>().RunAsync();
            await app.ShouldBeFreeAsync();
            if (!crashed)
            {
                commit.ShouldBeGreaterThan(6);
                return;
            }
        }
    }

    private static async Task<Guid> CreateLimitAsync(EmbeddedApp app, string name) =>
        (await app.Get<ConcurrencyLimits>().CreateAsync(name, new LimitChanges(1), CancellationToken.None)).Id;

    private static async Task ShareAsync(EmbeddedApp app, Guid? limit, params string[] flows)
    {
        foreach (var flow in flows is [] ? [Scripts.Plain, Scripts.Retried] : flows)
        {
            await app.Get<DeploymentControl>()
                .UpdateAsync(await app.DeploymentAsync(flow), new DeploymentUpdate { GlobalConcurrencyLimitId = limit });
        }
    }

    private static async Task<Guid> HoldAsync(EmbeddedApp app)
    {
        var id = await app.RunAsync(flow => flow.RunAsync((Work work) => work.HoldAsync(1)));
        await app.WhenExecutedAsync("hold 1");
        return id;
    }

    private static async Task<Guid> WaitingAsync(EmbeddedApp app)
    {
        var id = await app.RunAsync(_ => Task.FromResult(2), Scripts.Retried);
        await app.WhenAsync(id, StateNames.AwaitingConcurrencySlot);
        return id;
    }
}
