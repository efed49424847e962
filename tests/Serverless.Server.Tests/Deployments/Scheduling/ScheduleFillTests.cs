using System.Text.Json;
using Serverless.Core.Models;
using Serverless.Server.Deployments.Scheduling;

namespace Serverless.Server.Tests.Deployments.Scheduling;

public sealed class ScheduleFillTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData("* * * * * *", 100)] // Every second: as many as there may be.
    [InlineData("* * * * *", 100)]
    [InlineData("*/5 * * * *", 25)] // The first of those that are two hours ahead or more.
    [InlineData("0 * * * *", 6)] // Twice three.
    [InlineData("0 0 * * *", 6)]
    [InlineData("0 0 1 * *", 4)] // A hundred days ahead: April to June, and March by the clock of the day before.
    [InlineData("0 0 1 1 *", 0)]
    public void Of_NewSchedule_PlansAsFarAsPrefect(string cron, int runs)
    {
        var now = new DateTimeOffset(2026, 2, 28, 12, 0, 0, TimeSpan.Zero).AddSeconds(0.5);

        var fill = ScheduleFill.Of(Cron(cron), SchedulePlan.New(Guid.Empty, now), now);

        fill.Times.Count.ShouldBe(runs);
        fill.Times.ShouldAllBe(time => time > now && time <= now + ScheduleFill.MaxAhead);
        fill.Due.ShouldNotBeNull().ShouldBeGreaterThan(now);
    }

    [Fact]
    public void Of_TimeThatIsNow_IsIncluded() =>
        ScheduleFill.Of(Cron("0 * * * *"), SchedulePlan.New(Guid.Empty, Now), Now).Times[0].ShouldBe(Now);

    [Theory]
    [InlineData("* * * * * *")]
    [InlineData("* * * * *")]
    [InlineData("*/20 9-17 * * mon-fri")]
    [InlineData("0 */6 * * *")]
    [InlineData("0 0 1 * *")]
    [InlineData("0 0 29 2 *")]
    public void Of_LookedAtWhenDue_NeverHasTooFewAhead(string cron)
    {
        var schedule = Cron(cron);
        var plan = SchedulePlan.New(Guid.Empty, Now);
        var now = Now;
        List<DateTimeOffset> created = [];
        for (var look = 0; look < 15; look++)
        {
            var fill = ScheduleFill.Of(schedule, plan, now);
            created.AddRange(fill.Times);
            plan = plan with { Cursor = fill.Cursor };
            var ahead = created.Where(time => time > now).ToList();
            var next = Serverless.Server.Schedules.Schedule.Parse(schedule.Schedule, now).Next(fill.Cursor.AddTicks(1))[0];
            (ahead.Count >= 3 || next > now + ScheduleFill.MaxAhead).ShouldBeTrue();
            (ahead.Count == 100 || next > now + ScheduleFill.MaxAhead || ahead[^1] >= now + Hour).ShouldBeTrue();
            var due = fill.Due.ShouldNotBeNull();
            due.ShouldBeGreaterThan(now);

            // Just before the next look there are still enough, unless there are as many as a schedule may have.
            var left = created.Count(time => time > due - Second);
            (left >= 3 || next > due + ScheduleFill.MaxAhead - Second).ShouldBeTrue();
            now = due;
        }

        created
            .SequenceEqual(Serverless.Server.Schedules.Schedule.Parse(schedule.Schedule, Now).Occurrences(Now).Take(created.Count))
            .ShouldBeTrue();
    }

    [Fact]
    public void Of_LookedAtTooEarly_AddsNothing()
    {
        var schedule = Cron("0 * * * *");
        var first = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now), Now);

        var again = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now) with { Cursor = first.Cursor }, Now);

        again.Times.ShouldBeEmpty();
        again.Cursor.ShouldBe(first.Cursor);
        again.Due.ShouldBe(first.Due);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void Of_ScheduleWithALimit_HasNoMoreAhead(int most)
    {
        var schedule = Cron("* * * * *") with { MaxScheduledRuns = most };

        var fill = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now.AddSeconds(1)), Now.AddSeconds(1));

        fill.Times.Count.ShouldBe(most);
        fill.Due.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(fill.Times[^1]);
        fill.Due.ShouldNotBeNull().ShouldBeGreaterThan(Now.AddSeconds(1));
    }

    [Fact]
    public void Of_ScheduleThatEnds_IsNotDueAgain()
    {
        var schedule = Of("""{"rrule": "DTSTART:20260301T130000Z\nRRULE:FREQ=HOURLY;COUNT=2"}""");

        var fill = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now), Now);

        fill.Times.ShouldBe([Now + Hour, Now + (2 * Hour)]);
        fill.Due.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(CatchUpPolicy.Skip, "")]
    [InlineData(CatchUpPolicy.Latest, "11")]
    [InlineData(CatchUpPolicy.All, "8 9 10 11")]
    public void Of_TimesMissedWhileNoHostWasThere_FollowsThePolicy(CatchUpPolicy? policy, string hours)
    {
        var schedule = Cron("0 * * * *") with { CatchUpPolicy = policy };
        var now = Now - TimeSpan.FromMinutes(5);

        var fill = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now) with { Cursor = Now - (5 * Hour) }, now);

        string.Join(' ', fill.Times.Where(time => time < now).Select(time => time.Hour)).ShouldBe(hours);
        fill.Times.Where(time => time > now).Take(3).ShouldBe([Now, Now + Hour, Now + (2 * Hour)]);
    }

    [Fact]
    public void Of_ManyMissedTimes_AreMadeUpForStepByStep()
    {
        var schedule = Cron("* * * * *") with { CatchUpPolicy = CatchUpPolicy.All };
        var plan = SchedulePlan.New(Guid.Empty, Now) with { Cursor = Now - Day };
        List<DateTimeOffset> created = [];

        ScheduleFill fill;
        do
        {
            fill = ScheduleFill.Of(schedule, plan, Now);
            fill.Times.Count.ShouldBeLessThanOrEqualTo(200);
            created.AddRange(fill.Times);
            plan = plan with { Cursor = fill.Cursor };
        } while (fill.Due <= Now);

        created.Count(time => time <= Now).ShouldBe(24 * 60);
        created.ShouldBe(created.Distinct().Order());
    }

    [Fact]
    public void Of_SecondlyScheduleAfterAYear_FindsTheLatestAtOnce()
    {
        var schedule = Cron("* * * * * *") with { CatchUpPolicy = CatchUpPolicy.Latest };

        var fill = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now) with { Cursor = Now - (365 * Day) }, Now);

        fill.Times[0].ShouldBe(Now - ScheduleFill.Grace);
    }

    [Fact]
    public void Of_TimesOfTheLastMinute_AreNotMissed()
    {
        var schedule = Cron("* * * * * */10") with { CatchUpPolicy = CatchUpPolicy.Skip };

        var fill = ScheduleFill.Of(schedule, SchedulePlan.New(Guid.Empty, Now) with { Cursor = Now - TimeSpan.FromSeconds(25) }, Now);

        fill.Times.Count(time => time <= Now).ShouldBe(3);
    }

    private static DeploymentSchedule Cron(string cron) => Of($$"""{"cron": "{{cron}}"}""");

    private static DeploymentSchedule Of(string json) => new() { Id = Guid.Empty, Schedule = JsonElement.Parse(json) };
}
