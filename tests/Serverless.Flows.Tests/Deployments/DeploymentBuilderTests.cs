using System.Text.Json;
using Shouldly;
using Xunit;

namespace Serverless.Flows.Tests.Deployments;

public sealed class DeploymentBuilderTests
{
    private const string Plain = "flow 'plain' (Serverless.Flows.Tests.DeployedFlows.Plain), deployment ";

    [Fact]
    public void WithDeployment_Everything_IsOnTheDefinition()
    {
        var deployment = Build(d =>
            d.Named("nightly")
                .WithDescription("At night.")
                .WithVersion("2")
                .WithTags("a", "b")
                .WithTags("a")
                .WithParameters(new { path = "x", GroupBy = "y" })
                .WithConcurrencyLimit(1, CollisionStrategy.CancelNew, TimeSpan.FromMinutes(5))
                .CatchUp(CatchUpPolicy.Skip)
                .Paused()
                .OnCron("0 2 * * *", "Europe/Berlin")
                .OnCron("0 3 13 * 5", schedule: schedule => schedule.CatchUp(CatchUpPolicy.All).WithMaxScheduledRuns(7), dayOr: false)
                .OnInterval(TimeSpan.FromHours(1), schedule: schedule => schedule.WithSlug("hourly").WithParameters(new { chunk_rows = 5 }))
                .OnRRule("FREQ=DAILY", "Asia/Tokyo", schedule => schedule.Inactive())
        );

        deployment.Name.ShouldBe("nightly");
        deployment.Description.ShouldBe("At night.");
        deployment.Version.ShouldBe("2");
        deployment.Tags.ShouldBe(["a", "b"]);
        Text(deployment.Parameters).ShouldBe("""{"path":"x","group_by":"y"}""");
        deployment.ConcurrencyLimit.ShouldBe(1);
        deployment.CollisionStrategy.ShouldBe(CollisionStrategy.CancelNew);
        deployment.GracePeriod.ShouldBe(TimeSpan.FromMinutes(5));
        deployment.IsPaused.ShouldBeTrue();
        deployment.Schedules.Select(schedule => schedule.Slug).ShouldBe(["cron", "cron-2", "hourly", "rrule"]);
        deployment.Schedules.Select(schedule => schedule.TimeZone).ShouldBe(["Europe/Berlin", null, null, "Asia/Tokyo"]);
        deployment
            .Schedules.Select(schedule => schedule.CatchUp)
            .ShouldBe([CatchUpPolicy.Skip, CatchUpPolicy.All, CatchUpPolicy.Skip, CatchUpPolicy.Skip]);
        deployment.Schedules.Select(schedule => schedule.MaxScheduledRuns).ShouldBe([null, 7, null, null]);
        deployment.Schedules.Select(schedule => schedule.IsActive).ShouldBe([true, true, true, false]);
        deployment.Schedules.OfType<CronDefinition>().Select(cron => cron.DayOr).ShouldBe([true, false]);
        Text(deployment.Schedules[2].Parameters).ShouldBe("""{"chunk_rows":5}""");
    }

    [Fact]
    public void OnCron_OwnSlugIsADefaultOne_TheOtherGetsTheNext() =>
        Build(d =>
            d.Named("x")
                .WithParameters(new { path = "x" })
                .OnCron("0 1 * * *")
                .OnCron("0 2 * * *", schedule: schedule => schedule.WithSlug("cron"))
        )
            .Schedules.Select(schedule => schedule.Slug)
            .ShouldBe(["cron-2", "cron"]);

    [Fact]
    public void WithParameters_Call_IsReadLikeACall()
    {
        var rows = 40;

        var deployment = Build(d => d.Named("x").WithParameters(flow => DeployedFlows.Plain(flow, "x", nameof(rows), rows + 2)));

        Text(deployment.Parameters).ShouldBe("""{"path":"x","group_by":"rows","chunk_rows":42}""");
    }

    [Fact]
    public void WithParameters_CallWithDefaults_HasTheirValues() =>
        Text(Build(d => d.Named("x").WithParameters(flow => DeployedFlows.Plain(flow, "x"))).Parameters)
            .ShouldBe("""{"path":"x","group_by":"item","chunk_rows":10}""");

    [Fact]
    public void WithParameters_CallOfAnInstance_IsReadLikeACall()
    {
        var registry = new FlowRegistryBuilder()
            .AddFlow<DeployedFlows.OfClass>()
            .WithDeployment(d => d.Named("x").WithParameters((DeployedFlows.OfClass flows, FlowContext flow) => flows.Run(flow, 7)))
            .Build();

        Text(registry.Flows[0].Deployments[0].Parameters).ShouldBe("""{"value":7}""");
    }

    [Fact]
    public void WithParameters_Dictionary_TakesItsNames() =>
        Text(Build(d => d.Named("x").WithParameters(new Dictionary<string, object> { ["groupBy"] = "y" })).Parameters)
            .ShouldBe("""{"group_by":"y"}""");

    [Fact]
    public void WithDeployment_BesideAttributes_AddsToThem() =>
        new FlowRegistryBuilder()
            .AddFlow(DeployedFlows.Report)
            .WithDeployment(d => d.Named("default"))
            .WithDeployment(d => d.Named("other"))
            .AddFlow(DeployedFlows.Plain)
            .WithDeployment(d => d.Named("other"))
            .Build()
            .Flows.Select(flow => flow.Deployments.Count)
            .ShouldBe([1, 5]);

    [Fact]
    public void WithDeployment_NameOfAnAttribute_NamesFlowAndDeployment() =>
        Problems(flows => flows.AddFlow(DeployedFlows.Report).WithDeployment(d => d.Named("nightly")))
            .ShouldBe([
                "flow 'report' (Serverless.Flows.Tests.DeployedFlows.Report), deployment 'nightly': "
                    + "the flow has two deployments of this name; rename one of them.",
            ]);

    [Fact]
    public void WithDeployment_SeveralFlows_AsksWhich() =>
        Problems(flows => flows.AddFlows(typeof(DeployedFlows)).WithDeployment(d => d.Named("x")))
            .ShouldHaveSingleItem()
            .ShouldStartWith("WithDeployment does not say which flow it means of Serverless.Flows.Tests.DeployedFlows.");

    [Fact]
    public void WithDeployment_WithoutName_SaysSo() => Wrong(d => d.Paused()).ShouldBe([$"{Plain}'': it has no name."]);

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%b")]
    [InlineData("a&b")]
    [InlineData("a>b")]
    [InlineData("a<b")]
    public void Named_ForbiddenCharacter_SaysSo(string name) =>
        Wrong(d => d.Named(name)).ShouldBe([$"{Plain}'{name}': a deployment's name must not contain / % & > <."]);

    [Fact]
    public void OnInterval_NotPositive_SaysSo() =>
        Wrong(d => d.Named("x").WithParameters(new { path = "x" }).OnInterval(TimeSpan.Zero).OnInterval(TimeSpan.FromSeconds(-1)))
            .ShouldBe([
                $"{Plain}'x': schedule 'interval': the interval is 00:00:00; it must be a millisecond or more.",
                $"{Plain}'x': schedule 'interval-2': the interval is -00:00:01; it must be a millisecond or more.",
            ]);

    [Fact]
    public void OnCron_TooOften_SaysSo() =>
        Wrong(d =>
            {
                d.Named("x").WithParameters(new { path = "x" });
                for (var i = 0; i <= 100; i++)
                {
                    d.OnCron("0 1 * * *");
                }
            })
            .ShouldBe([$"{Plain}'x': it has 101 schedules; 100 are possible."]);

    [Fact]
    public void OnCron_SlugTwice_SaysSo() =>
        Wrong(d =>
                d.Named("x")
                    .WithParameters(new { path = "x" })
                    .OnCron("0 1 * * *", schedule: schedule => schedule.WithSlug("a"))
                    .OnRRule("FREQ=DAILY", schedule: schedule => schedule.WithSlug("a"))
            )
            .ShouldBe([$"{Plain}'x': 2 schedules have the slug 'a'."]);

    [Fact]
    public void OnCron_EmptySlugAndNoRuns_SaysSo() =>
        Wrong(d =>
                d.Named("x")
                    .WithParameters(new { path = "x" })
                    .OnCron("0 1 * * *", schedule: schedule => schedule.WithSlug("").WithMaxScheduledRuns(0))
            )
            .ShouldBe([
                $"{Plain}'x': schedule '': a slug must not be empty.",
                $"{Plain}'x': schedule '': at most 0 runs; it must be 1 or more.",
            ]);

    [Fact]
    public void OnCron_ParameterWithoutValue_SaysWhichScheduleLacksIt() =>
        Wrong(d => d.Named("x").OnCron("0 1 * * *", schedule: schedule => schedule.WithParameters(new { path = "x" })).OnCron("0 2 * * *"))
            .ShouldBe([$"{Plain}'x': schedule 'cron-2': its runs lack parameter 'path': expected a string, got nothing."]);

    [Fact]
    public void OnCron_ParametersOfTheSchedule_AreChecked() =>
        Wrong(d =>
                d.Named("x")
                    .WithParameters(new { path = "x" })
                    .OnCron("0 1 * * *", schedule: schedule => schedule.WithParameters(new { rows = 1, group_by = 2 }))
            )
            .ShouldBe([
                $"{Plain}'x': schedule 'cron': parameter 'rows': expected no such parameter (known: path, group_by, chunk_rows), got 1.",
                $"{Plain}'x': schedule 'cron': parameter 'group_by': expected a string, got 2.",
            ]);

    [Fact]
    public void WithParameters_OneParameterByTwoNames_SaysSo() =>
        Wrong(d => d.Named("x").WithParameters(new Dictionary<string, object> { ["groupBy"] = "a", ["group_by"] = "b" }))
            .ShouldBe([$"{Plain}'x': parameter 'group_by': expected one value, got several."]);

    [Fact]
    public void WithParameters_CallOfAnotherFlow_SaysSo() =>
        Wrong(d => d.Named("x").WithParameters(flow => DeployedFlows.Report(flow, "x", "y", 1)))
            .ShouldHaveSingleItem()
            .ShouldStartWith($"{Plain}'x': WithParameters takes a call of Serverless.Flows.Tests.DeployedFlows.Plain itself; it got: ");

    [Fact]
    public void WithParameters_ArgumentOfTheRun_SaysSo() =>
        Wrong(d => d.Named("x").WithParameters(flow => DeployedFlows.Plain(flow, flow.Run.FlowRunName, "y", 1)))
            .ShouldBe([$"{Plain}'x': the argument 'path' needs a running flow: flow.Run.FlowRunName."]);

    [Fact]
    public void WithParameters_ValueThatCannotBeWritten_SaysSo() =>
        Wrong(d => d.Named("x").WithParameters(new { path = typeof(string) }))
            .ShouldHaveSingleItem()
            .ShouldStartWith($"{Plain}'x': the parameters cannot be written as JSON: ");

    [Fact]
    public void WithConcurrencyLimit_Impossible_SaysSo() =>
        Wrong(d => d.Named("x").WithConcurrencyLimit(0, CollisionStrategy.CancelNew, TimeSpan.FromSeconds(1)))
            .ShouldBe([
                $"{Plain}'x': the concurrency limit is 0; it must be 1 or more (a paused deployment creates no runs).",
                $"{Plain}'x': the grace period is 00:00:01; it must be a minute to a day.",
            ]);

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, 120)]
    public void WithConcurrencyLimit_CancelRunning_IsOnTheDefinition(int limit, int? grace)
    {
        TimeSpan? gracePeriod = grace is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        var deployment = Build(d => d.Named("x").WithConcurrencyLimit(limit, CollisionStrategy.CancelRunning, gracePeriod));

        deployment.ConcurrencyLimit.ShouldBe(limit);
        deployment.CollisionStrategy.ShouldBe(CollisionStrategy.CancelRunning);
        deployment.GracePeriod.ShouldBe(gracePeriod);
    }

    [Fact]
    public void WithConcurrencyLimit_SaidAgain_TheLastOneHolds()
    {
        var deployment = Build(d => d.Named("x").WithConcurrencyLimit(3, CollisionStrategy.CancelRunning).WithConcurrencyLimit(1));

        deployment.ConcurrencyLimit.ShouldBe(1);
        deployment.CollisionStrategy.ShouldBe(CollisionStrategy.Enqueue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void WithConcurrencyLimit_CancelRunningWithoutSlots_SaysSo(int limit) =>
        Wrong(d => d.Named("x").WithConcurrencyLimit(limit, CollisionStrategy.CancelRunning, TimeSpan.FromDays(2)))
            .ShouldBe([
                $"{Plain}'x': the concurrency limit is {limit}; it must be 1 or more (a paused deployment creates no runs).",
                $"{Plain}'x': the grace period is 2.00:00:00; it must be a minute to a day.",
            ]);

    private static DeploymentDefinition Build(Action<DeploymentBuilder> configure) =>
        new FlowRegistryBuilder()
            .AddFlow(DeployedFlows.Plain)
            .WithDeployment(configure)
            .Build()
            .Flows[0]
            .Deployments.ShouldHaveSingleItem();

    private static IReadOnlyList<string> Wrong(Action<DeploymentBuilder> configure) =>
        Problems(flows => flows.AddFlow(DeployedFlows.Plain).WithDeployment(configure));

    private static IReadOnlyList<string> Problems(Action<FlowRegistryBuilder> add)
    {
        FlowRegistryBuilder builder = new();
        add(builder);
        return Should.Throw<FlowRegistrationException>(() => builder.Build()).Problems;
    }

    private static string Text(IReadOnlyDictionary<string, JsonElement>? parameters) => JsonSerializer.Serialize(parameters);
}
