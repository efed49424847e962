using System.Text.Json;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Deployments;

public sealed class DeploymentAttributeTests
{
    [Fact]
    public void Build_Attributes_AreDeploymentsOfTheFlow()
    {
        var flow = new FlowRegistryBuilder()
            .AddFlow(DeployedFlows.Report)
            .AddFlow(DeployedFlows.Report)
            .Build()
            .Flows.ShouldHaveSingleItem();

        flow.Deployments.Select(deployment => deployment.Name).ShouldBe(["nightly", "often", "by-hand"], ignoreOrder: true);
        var nightly = flow.Deployments.Single(deployment => deployment.Name == "nightly");
        nightly.Description.ShouldBe("Reports.");
        nightly.Version.ShouldBe("3");
        nightly.Tags.ShouldBe(["reports", "night"]);
        nightly.IsPaused.ShouldBeTrue();
        nightly.ConcurrencyLimit.ShouldBe(1);
        nightly.CollisionStrategy.ShouldBe(CollisionStrategy.CancelNew);
        JsonSerializer.Serialize(nightly.Parameters).ShouldBe("""{"path":"sales.csv","group_by":"country"}""");
        var cron = nightly.Schedules.ShouldHaveSingleItem().ShouldBeOfType<CronDefinition>();
        cron.Cron.ShouldBe("0 2 * * *");
        cron.TimeZone.ShouldBe("Europe/Berlin");
        cron.Slug.ShouldBe("night");
        cron.CatchUp.ShouldBe(CatchUpPolicy.Latest);
        cron.MaxScheduledRuns.ShouldBe(5);
        cron.IsActive.ShouldBeTrue();
        cron.DayOr.ShouldBeTrue();
    }

    [Fact]
    public void Build_OwnDescriptionAndVersion_WinOverTheFlows()
    {
        var often = new FlowRegistryBuilder()
            .AddFlow(DeployedFlows.Report)
            .Build()
            .Flows[0]
            .Deployments.Single(deployment => deployment.Name == "often");

        often.Description.ShouldBe("Often.");
        often.Version.ShouldBe("4");
        often.ConcurrencyLimit.ShouldBeNull();
        var interval = often.Schedules.ShouldHaveSingleItem().ShouldBeOfType<IntervalDefinition>();
        interval.Slug.ShouldBe("interval");
        interval.Interval.ShouldBe(TimeSpan.FromSeconds(90));
        interval.Anchor.ShouldBe(new DateTimeOffset(2026, 1, 1, 9, 0, 0, TimeSpan.FromHours(1)));
        interval.MaxScheduledRuns.ShouldBeNull();
    }

    [Fact]
    public void Build_NothingButAName_SaysNothingOfParametersAndLimit()
    {
        var byHand = new FlowRegistryBuilder()
            .AddFlow(DeployedFlows.Report)
            .Build()
            .Flows[0]
            .Deployments.Single(deployment => deployment.Name == "by-hand");

        byHand.Parameters.ShouldBeNull();
        byHand.ConcurrencyLimit.ShouldBeNull();
        byHand.Schedules.ShouldBeEmpty();
        byHand.IsPaused.ShouldBeFalse();
    }

    [Fact]
    public void Build_WrongAttributes_TellsAllOfThem()
    {
        var problems = Should
            .Throw<FlowRegistrationException>(() => new FlowRegistryBuilder().AddFlows(typeof(DeployedFlows.Wrong)).Build())
            .Problems;

        const string Flow = "flow 'many' (Serverless.Flows.Tests.DeployedFlows+Wrong.Many), deployment ";
        problems.ShouldBe(
            [
                $"{Flow}'a/b': IntervalSeconds is 0; it must be 0.001 or more.",
                $"{Flow}'a/b': it has 3 schedules (cron, interval, rrule); an attribute takes one, WithDeployment takes several.",
                $"{Flow}'a/b': a deployment's name must not contain / % & > <.",
                $"{Flow}' ': AnchorDate is for IntervalSeconds, which is not set.",
                $"{Flow}' ': TimeZone is for a schedule: set Cron, IntervalSeconds or RRule too.",
                $"{Flow}' ': Slug is for a schedule: set Cron, IntervalSeconds or RRule too.",
                $"{Flow}' ': CatchUp is for a schedule: set Cron, IntervalSeconds or RRule too.",
                $"{Flow}' ': MaxScheduledRuns is for a schedule: set Cron, IntervalSeconds or RRule too.",
                $"{Flow}' ': it has no name.",
                $"{Flow}'twice': the flow has two deployments of this name; rename one of them.",
                $"{Flow}'list': parameter 'parameters': expected a JSON object, got [1].",
                $"{Flow}'names': parameter 'other': expected no such parameter (known: count), got 2.",
                $"{Flow}'values': parameter 'count': expected an integer (Int32), got \"many\".",
                $"{Flow}'none': the concurrency limit is 0; it must be 1 or more (a paused deployment creates no runs).",
                $"{Flow}'no-limit': CollisionStrategy is for a ConcurrencyLimit, which is not set.",
                $"{Flow}'lacks': schedule 'cron': its runs lack parameter 'count': expected an integer (Int32), got nothing.",
                $"{Flow}'anchor': AnchorDate is '2026-01-01T00:00:00'; it must be a time in ISO 8601 with an offset, such as "
                    + "2020-01-01T09:00:00+01:00.",
                .. problems.Where(problem => problem.StartsWith($"{Flow}'text': Parameters is not JSON: ", StringComparison.Ordinal)),
            ],
            ignoreOrder: true
        );
        problems.Count.ShouldBe(18);
    }

    [Theory]
    [InlineData("one", 1)]
    [InlineData("scheduled", 3)]
    public void Build_CancelRunning_IsOnTheDefinition(string name, int limit)
    {
        var deployment = new FlowRegistryBuilder()
            .AddFlows(typeof(DeployedFlows.Newest))
            .Build()
            .Flows.ShouldHaveSingleItem()
            .Deployments.Single(deployment => deployment.Name == name);

        deployment.ConcurrencyLimit.ShouldBe(limit);
        deployment.CollisionStrategy.ShouldBe(CollisionStrategy.CancelRunning);
        deployment.GracePeriod.ShouldBeNull();
    }

    [Fact]
    public void Build_CancelRunningWithoutALimit_SaysSo()
    {
        const string Flow = "flow 'refresh' (Serverless.Flows.Tests.DeployedFlows+WrongNewest.Refresh), deployment ";
        Should
            .Throw<FlowRegistrationException>(() => new FlowRegistryBuilder().AddFlows(typeof(DeployedFlows.WrongNewest)).Build())
            .Problems.ShouldBe(
                [
                    $"{Flow}'no-limit': CollisionStrategy is for a ConcurrencyLimit, which is not set.",
                    $"{Flow}'none': the concurrency limit is 0; it must be 1 or more (a paused deployment creates no runs).",
                    $"{Flow}'less': the concurrency limit is -1; it must be 1 or more (a paused deployment creates no runs).",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public void Build_DeploymentOfNoFlow_SaysSo() =>
        Should
            .Throw<FlowRegistrationException>(() => new FlowRegistryBuilder().AddFlows(typeof(DeployedFlows.NotAFlow)).Build())
            .Message.ShouldBe(
                "Serverless.Flows.Tests.DeployedFlows+NotAFlow.Forgotten has a [Deployment] and is not a flow: mark it with [Flow]."
            );
}
