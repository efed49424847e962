using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

public sealed class IntervalScheduleTests
{
    private static readonly DateTimeOffset Anchor = Times.At("2018-03-01T14:00:00");

    [Fact]
    public void Occurrences_OfADay_KeepTheHourOfTheClock() =>
        IntervalSchedule
            .Create(TimeSpan.FromDays(1), Anchor, "America/New_York")
            .Local("2018-03-09T14:00:00", 4)
            .ShouldBe(["03-09 09:00 -05", "03-10 09:00 -05", "03-11 09:00 -04", "03-12 09:00 -04"]);

    // In Prefect the hour depends on the start of the computation: it would be 10:00 here.
    [Fact]
    public void Occurrences_OfADayFromSummerOn_KeepTheHourOfTheAnchor() =>
        IntervalSchedule
            .Create(TimeSpan.FromDays(1), Anchor, "America/New_York")
            .Local("2018-07-01T00:00:00", 1)
            .ShouldBe(["07-01 09:00 -04"]);

    [Fact]
    public void Occurrences_OfADayInALeftOutHour_ComeBackToTheHour() =>
        IntervalSchedule
            .Create(TimeSpan.FromDays(1), Times.At("2024-03-30T01:30:00"), "Europe/Berlin")
            .Local("2024-03-30T00:00:00", 3)
            .ShouldBe(["03-30 02:30 +01", "03-31 03:30 +02", "04-01 02:30 +02"]);

    [Fact]
    public void Occurrences_OfAnHour_PassWithTime() =>
        IntervalSchedule
            .Create(TimeSpan.FromHours(1), Anchor, "America/New_York")
            .Local("2018-11-04T03:00:00", 5)
            .ShouldBe(["11-03 23:00 -04", "11-04 00:00 -04", "11-04 01:00 -04", "11-04 01:00 -05", "11-04 02:00 -05"]);

    [Fact]
    public void Occurrences_BeforeTheAnchor_AreThereToo() =>
        IntervalSchedule
            .Create(TimeSpan.FromHours(17), Times.At("2030-02-02T05:24:00"))
            .Utc("2021-07-01T00:00:00", 2)
            .ShouldBe(["2021-07-01T07:24:00", "2021-07-02T00:24:00"]);

    [Theory]
    [InlineData(0.5)]
    [InlineData(90.25)]
    [InlineData(3_000_000_000)]
    public void Occurrences_FromOneOfThem_GoOnWithTheNext(double seconds)
    {
        var schedule = IntervalSchedule.Create(TimeSpan.FromSeconds(seconds), Anchor);

        schedule.Occurrences(Anchor).Take(2).ShouldBe([Anchor, Anchor.AddSeconds(seconds)]);
        schedule.Occurrences(Anchor.AddTicks(1)).First().ShouldBe(Anchor.AddSeconds(seconds));
    }

    [Fact]
    public void Occurrences_OfThousandsOfYears_End() =>
        IntervalSchedule.Create(TimeSpan.FromDays(3_000_000), Anchor).Occurrences(Anchor.AddDays(1)).ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    public void Create_OfNoPositiveInterval_Refuses(int seconds) =>
        Should
            .Throw<ScheduleException>(() => IntervalSchedule.Create(TimeSpan.FromSeconds(seconds), Anchor))
            .Errors.ShouldHaveSingleItem()
            .Message.ShouldBe("Value error, interval must be positive");
}
