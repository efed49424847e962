using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Deployments;
using Serverless.Server.Deployments.Scheduling;

namespace Serverless.Functions.Tests;

public sealed class DeclaredDeploymentTests
{
    [Fact]
    public async Task Start_DeclaredDeployment_IsStoredBesideTheDefaultOne()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(DeclaredFlows));

        var hourly = await HourlyAsync(app);

        hourly.Paused.ShouldBeTrue();
        hourly.Status.ShouldBe(DeploymentStatus.Ready);
        hourly.Schedules.ShouldHaveSingleItem().Slug.ShouldBe("cron");
        (await app.Get<DeploymentService>().GetAsync(DeclaredFlows.Name, "default")).ShouldNotBeNull().Schedules.ShouldBeEmpty();
    }

    [Fact]
    public async Task Schedule_ResumedAndRestarted_StartsTheRunWithItsParameters()
    {
        await using var app = await EmbeddedApp.StartAsync(flows: typeof(DeclaredFlows));
        var hourly = await HourlyAsync(app);
        await app.Get<DeploymentControl>().PauseAsync(hourly.Id, false);
        await app.Get<DeploymentScheduler>().RunAsync();

        await app.RestartAsync();
        await app.Get<DeploymentScheduler>().RunAsync();

        (await HourlyAsync(app)).Paused.ShouldBeFalse();
        var runs = await RunsAsync(app, hourly.Id);
        runs.Count.ShouldBeGreaterThanOrEqualTo(3);
        runs.Select(run => run.ExpectedStartTime).Distinct().Count().ShouldBe(runs.Count);
        var next = runs.MinBy(run => run.ExpectedStartTime)!;
        await app.AdvanceToTimerAsync(next.ExpectedStartTime!.Value - app.Clock.GetUtcNow());
        await app.WhenFinalAsync(next.Id);
        (await app.ResultAsync(next.Id)).ShouldBe("5");
        (await app.GetAsync(next.Id)).Tags.ShouldContain("declared");
    }

    private static async Task<Deployment> HourlyAsync(EmbeddedApp app) =>
        (await app.Get<DeploymentService>().GetAsync(DeclaredFlows.Name, DeclaredFlows.Hourly)).ShouldNotBeNull();

    private static Task<IReadOnlyList<FlowRun>> RunsAsync(EmbeddedApp app, Guid deployment) =>
        app.Runs.FilterAsync(new FlowRunQuery { FlowRuns = new FlowRunFilter { DeploymentId = new IdFilter { Any = [deployment] } } });
}
