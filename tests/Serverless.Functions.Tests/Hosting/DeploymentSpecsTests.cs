using Serverless.Core.Models;
using Serverless.Flows;
using Serverless.Functions.Hosting;
using Serverless.Server.Deployments;
using CatchUpPolicy = Serverless.Flows.CatchUpPolicy;
using WireCatchUpPolicy = Serverless.Core.Models.CatchUpPolicy;

namespace Serverless.Functions.Tests.Hosting;

public sealed class DeploymentSpecsTests
{
    [Fact]
    public void Of_NoDeployment_IsTheDefaultOne()
    {
        var spec = DeploymentSpecs.Of(new FlowRegistryBuilder().AddFlows(typeof(Plain)).Build()).ShouldHaveSingleItem();

        spec.FlowName.ShouldBe("of-specs");
        spec.Name.ShouldBe("default");
        spec.Parameters.ShouldBeNull();
        spec.ConcurrencyLimit.ShouldBeNull();
        spec.Schedules.ShouldBeEmpty();
    }

    [Fact]
    public void Of_AnotherDeployment_StandsBesideTheDefaultOne() =>
        Specs(d => d.Named("other")).Select(spec => spec.Name).ShouldBe(["default", "other"]);

    [Fact]
    public void Of_DeploymentNamedDefault_TakesItsPlace()
    {
        var spec = Specs(d => d.Named("default").WithVersion("2").OnCron("0 1 * * *")).ShouldHaveSingleItem();

        spec.Version.ShouldBe("2");
        spec.Entrypoint.ShouldNotBeNull().ShouldEndWith("Plain.Run");
        spec.Schedules.ShouldHaveSingleItem();
    }

    [Fact]
    public void Of_Schedules_AreAsOnTheWire()
    {
        var schedules = Specs(d =>
            d.Named("default")
                .CatchUp(CatchUpPolicy.Latest)
                .OnCron("0 1 13 * fri", dayOr: false)
                .OnInterval(TimeSpan.FromHours(24), timeZone: "Europe/Berlin", schedule: s => s.CatchUp(CatchUpPolicy.Default))
                .OnInterval(
                    TimeSpan.FromSeconds(1.5),
                    DateTimeOffset.UnixEpoch,
                    schedule: s => s.WithSlug("fast").WithMaxScheduledRuns(9).Inactive().CatchUp(CatchUpPolicy.Skip)
                )
                .OnRRule("FREQ=DAILY", schedule: s => s.CatchUp(CatchUpPolicy.All))
        )[0].Schedules;

        schedules.Select(schedule => schedule.Slug).ShouldBe(["cron", "interval", "fast", "rrule"]);
        schedules
            .Select(schedule => schedule.Schedule.GetRawText())
            .ShouldBe([
                """{"cron":"0 1 13 * fri","timezone":null,"day_or":false}""",
                """{"interval":86400,"anchor_date":"2019-12-31T23:00:00Z","timezone":"Europe/Berlin"}""",
                """{"interval":1.5,"anchor_date":"1970-01-01T00:00:00Z","timezone":"UTC"}""",
                """{"rrule":"FREQ=DAILY","timezone":"UTC"}""",
            ]);
        schedules
            .Select(schedule => schedule.CatchUpPolicy)
            .ShouldBe([WireCatchUpPolicy.Latest, null, WireCatchUpPolicy.Skip, WireCatchUpPolicy.All]);
        schedules.Select(schedule => schedule.Active).ShouldBe([true, true, false, true]);
        schedules.Select(schedule => schedule.MaxScheduledRuns).ShouldBe([null, null, 9, null]);
    }

    [Fact]
    public void Of_Limit_HasItsOptions()
    {
        var spec = Specs(d => d.Named("default").WithConcurrencyLimit(3, CollisionStrategy.CancelNew, TimeSpan.FromMinutes(2)))[0];

        spec.ConcurrencyLimit.ShouldBe(3);
        spec.ConcurrencyOptions.ShouldBe(
            new ConcurrencyOptions { CollisionStrategy = ConcurrencyLimitStrategy.CancelNew, GracePeriodSeconds = 120 }
        );
    }

    [Theory]
    [InlineData(CollisionStrategy.Enqueue, ConcurrencyLimitStrategy.Enqueue)]
    [InlineData(CollisionStrategy.CancelNew, ConcurrencyLimitStrategy.CancelNew)]
    [InlineData(CollisionStrategy.CancelRunning, ConcurrencyLimitStrategy.CancelRunning)]
    public void Of_CollisionStrategy_IsThatOfTheServer(CollisionStrategy declared, ConcurrencyLimitStrategy expected) =>
        Specs(d => d.Named("default").WithConcurrencyLimit(1, declared))[0].ConcurrencyOptions!.CollisionStrategy.ShouldBe(expected);

    [Fact]
    public void Of_SeveralWrongSchedules_TellsAll() =>
        Should
            .Throw<FlowRegistrationException>(() =>
                Specs(d => d.Named("x").OnCron("x").OnInterval(TimeSpan.FromDays(1), timeZone: "No/Zone"))
            )
            .Problems.Count.ShouldBe(2);

    private static IReadOnlyList<DeploymentSpec> Specs(Action<DeploymentBuilder> configure) =>
        DeploymentSpecs.Of(new FlowRegistryBuilder().AddFlows(typeof(Plain)).WithDeployment(configure).Build());

    private static class Plain
    {
        [Flow("of-specs")]
        internal static void Run() { }
    }
}
