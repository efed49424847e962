using Serverless.Flows.Testing.Tests.Fixtures;

namespace Serverless.Flows.Testing.Tests;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static Task<FlowTestHost> StartAsync(Action<DeploymentBuilder> deployment) =>
        FlowTestHost.StartAsync(
            flows => flows.AddFlow(Reports.Run).WithDeployment(d => deployment(d.Named("nightly").WithParameters(new { path = "a.csv" }))),
            Changing.Services,
            Monday
        );

    private static async Task<IEnumerable<string>> TimesAsync(FlowTestDeployment deployment) =>
        (await deployment.RunsAsync()).Select(run => $"{run.ScheduledTime:ddd HH:mm} {run.State.Name}");

    [Fact]
    public async Task StartSchedules_CronOfTwoSlugs_BeginsARunAtEachTimeWithItsParameters()
    {
        await using var host = await StartAsync(d =>
            d.OnCron("0 2 * * mon-fri", "Europe/Berlin")
                .OnCron("0 6 * * sat", null, schedule => schedule.WithSlug("weekend").WithParameters(new { path = "week.csv" }))
        );
        host.StartSchedules();

        await host.AdvanceAsync(TimeSpan.FromDays(7));

        var nightly = await host.DeploymentAsync("report/nightly");
        (await TimesAsync(nightly)).ShouldBe([
            "Mon 01:00 Completed",
            "Tue 01:00 Completed",
            "Wed 01:00 Completed",
            "Thu 01:00 Completed",
            "Fri 01:00 Completed",
            "Sat 06:00 Completed",
        ]);
        var runs = await nightly.RunsAsync();
        runs.Select(run => run.Parameters["path"].GetString()).ShouldBe(["a.csv", "a.csv", "a.csv", "a.csv", "a.csv", "week.csv"]);
        runs[5].Result<string>().ShouldBe("week.csv");
        (await runs[2].StatesAsync())[^1].Timestamp!.Value.ShouldBe(Monday.AddDays(2).AddHours(1), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StartSchedules_IntervalOrRRule_BeginsItsRuns(bool interval)
    {
        await using var host = await StartAsync(d =>
            _ = interval ? d.OnInterval(TimeSpan.FromHours(12)) : d.OnRRule("FREQ=DAILY;BYHOUR=0,12;BYMINUTE=0;BYSECOND=0")
        );
        host.StartSchedules();

        await host.AdvanceAsync(TimeSpan.FromHours(25));

        (await TimesAsync(await host.DeploymentAsync("report/nightly"))).ShouldBe([
            "Mon 00:00 Completed",
            "Mon 12:00 Completed",
            "Tue 00:00 Completed",
        ]);
    }

    [Fact]
    public async Task AdvanceAsync_SchedulesNotStarted_CreatesNoRuns()
    {
        await using var host = await StartAsync(d => d.OnInterval(TimeSpan.FromHours(1)));

        await host.AdvanceAsync(TimeSpan.FromDays(2));

        (await (await host.DeploymentAsync("report/nightly")).RunsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task PauseScheduleAsync_OneOfTwo_LeavesTheOther()
    {
        await using var host = await StartAsync(d =>
            d.OnCron("0 1 * * *", null, schedule => schedule.WithSlug("early"))
                .OnCron("0 9 * * *", null, schedule => schedule.WithSlug("late"))
        );
        var nightly = await host.DeploymentAsync("report/nightly");
        host.StartSchedules();
        await host.AdvanceAsync(TimeSpan.FromHours(12));

        await nightly.PauseScheduleAsync("early");
        await host.AdvanceAsync(TimeSpan.FromDays(1));
        await nightly.PauseAsync();
        await host.AdvanceAsync(TimeSpan.FromDays(1));
        await nightly.ResumeAsync();
        await nightly.ResumeScheduleAsync("early");
        await host.CrashAsync();
        await host.AdvanceAsync(TimeSpan.FromDays(1));

        (await TimesAsync(nightly)).ShouldBe([
            "Mon 01:00 Completed",
            "Mon 09:00 Completed",
            "Tue 09:00 Completed",
            "Thu 01:00 Completed",
            "Thu 09:00 Completed",
        ]);
        (await Should.ThrowAsync<ArgumentException>(() => nightly.PauseScheduleAsync("nothing"))).Message.ShouldContain("early, late");
    }

    [Theory]
    [InlineData(CollisionStrategy.Enqueue, "00:00 Completed, 01:00 Completed, 02:00 Running, 06:00 AwaitingConcurrencySlot")]
    [InlineData(CollisionStrategy.CancelNew, "00:00 Completed, 01:00 Cancelled, 02:00 Cancelled, 06:00 Running")]
    [InlineData(CollisionStrategy.CancelRunning, "00:00 Cancelled, 01:00 Cancelled, 02:00 Cancelled, 06:00 Running")]
    public async Task StartSchedules_RunsThatOverlap_CollideAsTheDeploymentSays(CollisionStrategy strategy, string expected)
    {
        await using var host = await StartAsync(d =>
            d.WithParameters(new { path = "a.csv", hours = 2.5 }).WithConcurrencyLimit(1, strategy).OnInterval(TimeSpan.FromHours(1))
        );
        host.StartSchedules();

        await host.AdvanceAsync(TimeSpan.FromHours(6.2));

        var runs = await (await host.DeploymentAsync("report/nightly")).RunsAsync();
        string.Join(", ", runs.Take(3).Append(runs[^1]).Select(run => $"{run.ScheduledTime:HH:mm} {run.State.Name}")).ShouldBe(expected);
    }

    [Fact]
    public async Task WaitAsync_RunThatNeverEnds_SaysSoAlthoughSchedulesGoOn()
    {
        await using var host = await FlowTestHost.StartAsync(
            flows =>
            {
                flows.AddFlow(Reports.Run).WithDeployment(d => d.Named("monthly").WithParameters(new { path = "a" }).OnCron("0 0 1 * *"));
                flows.AddFlow(Orders.Listen);
            },
            Changing.Services,
            Monday
        );
        host.StartSchedules();

        var error = await Should.ThrowAsync<FlowTestException>(() => host.RunAsync(Orders.Listen));

        error.Message.ShouldContain("was not final within a year of schedules");
    }

    [Fact]
    public async Task DeploymentAsync_UnknownName_IsRefused()
    {
        await using var host = await StartAsync(_ => { });

        (await Should.ThrowAsync<ArgumentException>(() => host.DeploymentAsync("report"))).Message.ShouldContain("no deployment 'report'");
    }
}
