using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

public sealed class CronScheduleTests
{
    [Fact]
    public void Occurrences_HourlyWhenClocksGoForward_LeavesOutTheHour() =>
        CronSchedule
            .Create("0 * * * *", "America/New_York")
            .Local("2018-03-11T04:00:00", 5)
            .ShouldBe(["03-10 23:00 -05", "03-11 00:00 -05", "03-11 01:00 -05", "03-11 03:00 -04", "03-11 04:00 -04"]);

    [Fact]
    public void Occurrences_HourlyWhenClocksGoBack_TakesTheHourOnce() =>
        CronSchedule
            .Create("0 * * * *", "America/New_York")
            .Local("2018-11-04T03:00:00", 5)
            .ShouldBe(["11-03 23:00 -04", "11-04 00:00 -04", "11-04 01:00 -04", "11-04 02:00 -05", "11-04 03:00 -05"]);

    [Fact]
    public void Occurrences_DailyInALeftOutHour_ComesAnHourLater() =>
        CronSchedule
            .Create("30 2 * * *", "Europe/Berlin")
            .Local("2024-03-30T00:00:00", 3)
            .ShouldBe(["03-30 02:30 +01", "03-31 03:30 +02", "04-01 02:30 +02"]);

    [Fact]
    public void Occurrences_FromWithinTheHourAfterAChange_FindsWhatWasMovedThere() =>
        CronSchedule.Create("30 2 * * *", "Europe/Berlin").Local("2024-03-31T01:15:00", 1).ShouldBe(["03-31 03:30 +02"]);

    [Fact]
    public void Occurrences_FromWithinTheRepeatedHour_DoesNotTellItAgain() =>
        CronSchedule.Create("30 2 * * *", "Europe/Berlin").Local("2024-10-27T01:00:00", 1).ShouldBe(["10-28 02:30 +01"]);

    [Fact]
    public void Occurrences_MovedPastOthers_AreInOrder() =>
        CronSchedule
            .Create("15,30,45 2 * * *", "Australia/Lord_Howe")
            .Local("2023-09-30T15:00:00", 4)
            .ShouldBe(["10-01 02:30 +11", "10-01 02:45 +11", "10-02 02:15 +11", "10-02 02:30 +11"]);

    [Theory]
    [InlineData("@daily", "2025-01-02T00:00:00 2025-01-03T00:00:00")]
    [InlineData("@WEEKLY", "2025-01-05T00:00:00 2025-01-12T00:00:00")]
    [InlineData("0 0 * * 7", "2025-01-05T00:00:00 2025-01-12T00:00:00")]
    [InlineData("0 0 L * *", "2025-01-31T00:00:00 2025-02-28T00:00:00")]
    [InlineData("0 0 15,L * *", "2025-01-15T00:00:00 2025-01-31T00:00:00")]
    [InlineData("0 0 * * fri#2", "2025-01-10T00:00:00 2025-02-14T00:00:00")]
    [InlineData("0 0 * * mon#1,L5", "2025-01-06T00:00:00 2025-01-31T00:00:00")]
    [InlineData("0 0 1 jan-mar/2 *", "2025-03-01T00:00:00 2026-01-01T00:00:00")]
    [InlineData("0 22-2/2 * * *", "2025-01-01T02:00:00 2025-01-01T22:00:00")]
    [InlineData("0 0 * * * 5,10", "2025-01-01T00:00:05 2025-01-01T00:00:10")]
    [InlineData("0 0 1 1 * 0 2030,2040", "2030-01-01T00:00:00 2040-01-01T00:00:00")]
    [InlineData("0 0 13 * 5", "2025-01-03T00:00:00 2025-01-10T00:00:00")]
    [InlineData("0 0 29 2 *", "2028-02-29T00:00:00 2032-02-29T00:00:00")]
    public void Occurrences_OfWhatCroniterReads_AreThere(string cron, string times) =>
        string.Join(' ', CronSchedule.Create(cron).Utc("2025-01-01T00:00:01", 2)).ShouldBe(times);

    [Fact]
    public void Occurrences_WithBothDays_AreThoseOfBoth() =>
        CronSchedule
            .Create("0 0 13 * 5", dayOr: false)
            .Utc("2025-01-01T00:00:00", 2)
            .ShouldBe(["2025-06-13T00:00:00", "2026-02-13T00:00:00"]);

    // Prefect overlooks 1 March when it begins in February: the 31st of February is 3 March for it.
    [Fact]
    public void Occurrences_AfterADayThatFebruaryLacks_GoOnWithMarch() =>
        CronSchedule.Create("0 0 */15 * *").Utc("2025-02-17T00:00:00", 2).ShouldBe(["2025-03-01T00:00:00", "2025-03-16T00:00:00"]);

    // Prefect takes only the second Fridays.
    [Fact]
    public void Occurrences_WithADayOfTheMonthOrACountedOne_AreThoseOfEither() =>
        CronSchedule
            .Create("0 0 13 * fri#2")
            .Utc("2025-01-01T00:00:00", 3)
            .ShouldBe(["2025-01-10T00:00:00", "2025-01-13T00:00:00", "2025-02-13T00:00:00"]);

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 1 1 * 0 1999")]
    public void Occurrences_OfWhatNeverComes_AreNone(string cron) =>
        CronSchedule.Create(cron, "Europe/Berlin").Occurrences(Times.At("2025-01-01")).ShouldBeEmpty();

    [Theory]
    [InlineData("61 * * * *", 1, "minute: 61 is not between 0 and 59")]
    [InlineData("0 0,24 * * *", 5, "hour: 24 is not between 0 and 23")]
    [InlineData("0 0 0 * *", 5, "day of month: 0 is not between 1 and 31")]
    [InlineData("0 0 * foo *", 7, "month: 'foo' is not a value")]
    [InlineData("0 0 * * mon-fry", 13, "day of week: 'fry' is not a value")]
    [InlineData("0 0 * * 1#6", 11, "day of week: after # a number from 1 to 5 is wanted, not '6'")]
    [InlineData("0 0 * * 1,2#3", 9, "day of week: days that count in their month (#, L) and others do not go together")]
    [InlineData("*/0 * * * *", 3, "minute: '0' is not a step")]
    [InlineData("1-90 * * * *", 1, "minute: '1-90' is not between 0 and 59")]
    [InlineData("? * * * *", 1, "minute: ? is for days only")]
    [InlineData("1,,2 * * * *", 3, "minute: a value is missing")]
    [InlineData("0 R * * *", 3, "random and hashed values (R, H) are not supported")]
    [InlineData("h(0-5)/2 * * * *", 1, "random and hashed values (R, H) are not supported")]
    [InlineData("0 0 15W * *", 5, "day of month: '15w' is not a value")]
    [InlineData("* * * *", 1, "5, 6 or 7 fields are wanted, not 4")]
    [InlineData("@reboot", 1, "there is no such name; there are @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly")]
    public void Create_OfAWrongExpression_SaysWhereAndWhy(string cron, int position, string reason)
    {
        var error = Should.Throw<ScheduleException>(() => CronSchedule.Create(cron)).Errors.ShouldHaveSingleItem();

        error.Position.ShouldBe(position);
        error.Message.ShouldBe($"Value error, Invalid cron string: \"{cron}\": {reason}, at position {position}");
    }

    [Fact]
    public void Create_OfAVeryLongExpression_Refuses() =>
        Should
            .Throw<ScheduleException>(() => CronSchedule.Create(new string('1', 1001)))
            .Errors[0]
            .Message.ShouldContain("at most 1000 characters");

    [Fact]
    public void Equals_OfTheSameMembers_IsTrue() =>
        CronSchedule.Create("0 0 * * *", "UTC").ShouldBe(CronSchedule.Create("0 0 * * *", "UTC"));
}
