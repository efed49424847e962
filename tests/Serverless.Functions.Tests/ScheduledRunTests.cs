using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Deployments;
using Serverless.Server.Outbox;

namespace Serverless.Functions.Tests;

/// <summary>Runs that schedules create, from the deployment to their end.</summary>
public sealed class ScheduledRunTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Schedule_AsTimeGoesOn_RunsOnceAtEachTime()
    {
        await using var app = await StartAsync();
        var deployment = await DeployAsync(app, "*/10 * * * *");

        for (var i = 0; i < 13; i++)
        {
            await RunNextAsync(app, deployment, i);
        }

        var runs = await RunsAsync(app, deployment);
        runs.Count(run => run.StateType == StateType.Completed).ShouldBe(13);
        runs.Where(run => run.StateType == StateType.Completed)
            .ShouldAllBe(run => run.StartTime - run.ExpectedStartTime < TimeSpan.FromMilliseconds(1));
        app.Probe.Count("do 1").ShouldBe(13);
    }

    [Fact]
    public async Task Schedule_HostDown_StartsTheRunsThatAreThereAtOnce()
    {
        await using var app = await StartAsync();
        var deployment = await DeployAsync(app, "0 * * * *");
        var first = await RunsAsync(app, deployment);

        await app.RestartAsync(2 * Hour + (30 * Minute));
        foreach (var run in first.Take(2))
        {
            (await app.WhenFinalAsync(run.Id)).StateType.ShouldBe(StateType.Completed);
        }

        (await app.GetAsync(first[2].Id)).StateName.ShouldBe(StateNames.Scheduled);
    }

    [Fact]
    public async Task Schedule_HostDown_PassesOverWhatThePolicySays()
    {
        await using var app = await StartAsync();
        var deployment = await DeployAsync(app, "0 * * * *", CatchUpPolicy.Latest);
        var first = await RunsAsync(app, deployment);

        await app.RestartAsync(2 * Hour + (30 * Minute));
        var passedOver = await app.WhenFinalAsync(first[0].Id);
        var latest = await app.WhenFinalAsync(first[1].Id);

        passedOver.StateType.ShouldBe(StateType.Cancelled);
        passedOver.State!.Message.ShouldNotBeNull().ShouldContain("catch-up policy LATEST");
        latest.StateType.ShouldBe(StateType.Completed);
        await app.ShouldSettleAsync(first[0].Id, first[1].Id);
    }

    [Fact]
    public async Task PausedDeployment_RunsThatCameBack_AreDeletedWhenTheyAreDue()
    {
        await using var app = await StartAsync();
        var deployment = await DeployAsync(app, "0 * * * *");
        var runs = await RunsAsync(app, deployment);

        // As after a race that the clean-up lost: the deployment is paused, and the runs are still there.
        await app.Get<DeploymentService>().UpdateAsync(deployment, (stored, _) => stored with { Paused = true });
        (await RunsAsync(app, deployment)).Count.ShouldBe(runs.Count);
        await app.AdvanceToTimerAsync(runs[0].ExpectedStartTime!.Value - app.Clock.GetUtcNow());
        await app.WhenAsync(async () => await app.Runs.GetAsync(runs[0].Id) is null, "the deletion of the run");

        app.Probe.Count("do 1").ShouldBe(0);
        await app.SweepOutboxAsync();
        (await app.Client.GetInstanceAsync(OutboxEntry.InstanceIdOf(runs[0].Id, 1))).ShouldBeNull();
    }

    [Fact]
    public async Task PausedDeployment_ByTheApi_LeavesNoOrchestration()
    {
        await using var app = await StartAsync();
        var deployment = await DeployAsync(app, "0 * * * *");
        var runs = await RunsAsync(app, deployment);

        await app.Get<DeploymentControl>().PauseAsync(deployment, paused: true);

        (await RunsAsync(app, deployment)).ShouldBeEmpty();
        await app.SweepOutboxAsync();
        foreach (var run in runs)
        {
            (await app.Client.GetInstanceAsync(OutboxEntry.InstanceIdOf(run.Id, 1))).ShouldBeNull();
        }
    }

    private static async Task<EmbeddedApp> StartAsync()
    {
        var app = await EmbeddedApp.StartAsync();
        app.Probe.Bodies["tick"] = flow => flow.RunAsync((Work work) => work.Do(1));
        app.Clock.Advance(TimeSpan.FromSeconds(10));
        return app;
    }

    private static async Task<Guid> DeployAsync(EmbeddedApp app, string cron, CatchUpPolicy? catchup = null)
    {
        var registered = (await app.Get<DeploymentService>().GetAsync(Scripts.Plain, "default"))!;
        DeploymentCreate deployment = new()
        {
            Name = "ticking",
            FlowId = registered.FlowId,
            Parameters = new Dictionary<string, JsonElement> { ["body"] = JsonSerializer.SerializeToElement("tick") },
            Schedules = [new() { Schedule = JsonSerializer.SerializeToElement(new { cron }), CatchUpPolicy = catchup }],
        };
        return (await app.Get<DeploymentControl>().CreateAsync(deployment)).Deployment.Id;
    }

    /// <summary>Moves the clock to the n-th run, and waits for its end.</summary>
    private static async Task RunNextAsync(EmbeddedApp app, Guid deployment, int n)
    {
        var run = (await RunsAsync(app, deployment))[n];
        await app.WhenAsync(
            async () => await app.Client.GetInstanceAsync(OutboxEntry.InstanceIdOf(run.Id, 1)) is not null,
            "the orchestration"
        );
        await app.AdvanceToTimerAsync(run.ExpectedStartTime!.Value - app.Clock.GetUtcNow());
        await app.WhenFinalAsync(run.Id);
        await app.Get<Serverless.Server.Deployments.Scheduling.DeploymentScheduler>().RunAsync();
    }

    private static Task<IReadOnlyList<FlowRun>> RunsAsync(EmbeddedApp app, Guid deployment) =>
        app.Runs.FilterAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter { DeploymentId = new IdFilter { Any = [deployment] } },
                Sort = FlowRunSort.ExpectedStartTimeAsc,
                Limit = 200,
            }
        );
}
