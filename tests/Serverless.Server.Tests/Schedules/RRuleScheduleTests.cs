using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

public sealed class RRuleScheduleTests
{
    [Theory]
    [InlineData("FREQ=WEEKLY;INTERVAL=1;BYDAY=FR", "2023-06-09T00:00:00 2023-06-16T00:00:00")]
    [InlineData("DTSTART:20230608T130000\nFREQ=WEEKLY;BYDAY=FR", "2023-06-09T13:00:00 2023-06-16T13:00:00")]
    [InlineData("rrule:freq=monthly;byday=mo,tu,we,th,fr;bysetpos=-1", "2023-06-30T00:00:00 2023-07-31T00:00:00")]
    [InlineData("RRULE:FREQ=YEARLY;BYWEEKNO=7,16;BYDAY=WE", "2024-02-14T00:00:00 2024-04-17T00:00:00")]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=TH(+4)", "2023-11-23T00:00:00 2024-11-28T00:00:00")]
    [InlineData("RRULE:FREQ=SECONDLY;INTERVAL=7", "2023-06-08T00:00:01 2023-06-08T00:00:08")]
    [InlineData("RRULE:FREQ=MINUTELY;INTERVAL=1440;BYMONTH=1", "2024-01-01T00:00:00 2024-01-02T00:00:00")]
    [InlineData("RDATE:20230701T120000Z,20230610T000000Z", "2023-06-10T00:00:00 2023-07-01T12:00:00")]
    [InlineData("FREQ=DAILY EXDATE:20230608T000000,20230610 EXRULE:FREQ=WEEKLY;BYDAY=SU", "2023-06-09T00:00:00 2023-06-12T00:00:00")]
    [InlineData("RRULE:FREQ=MONTHLY;BYDAY=MO,1TU;BYMONTHDAY=1,2,3,4,5,6,7", "2023-07-03T00:00:00 2023-07-04T00:00:00")]
    [InlineData("FREQ=DAILY;COUNT=1257", "2023-06-08T00:00:00 2023-06-09T00:00:00")]
    public void Occurrences_OfRules_AreThere(string rrule, string times) =>
        string.Join(' ', RRuleSchedule.Create(rrule).Utc("2023-06-08T00:00:00", 2)).ShouldBe(times);

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=3")]
    [InlineData("FREQ=DAILY;UNTIL=20230101T000000")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=SECONDLY;INTERVAL=120;BYMINUTE=5")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=2")]
    [InlineData("RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY")]
    [InlineData("EXDATE:20230701T120000")]
    public void Occurrences_OfWhatDoesNotComeAgain_End(string rrule) =>
        RRuleSchedule.Create(rrule, "Europe/Berlin").Occurrences(Times.At("2023-06-08")).ShouldBeEmpty();

    [Fact]
    public void Occurrences_OfADaily_KeepTheHourOfTheClock() =>
        RRuleSchedule
            .Create("DTSTART:20180308T090000\nFREQ=DAILY", "America/New_York")
            .Local("2018-03-10T00:00:00", 3)
            .ShouldBe(["03-10 09:00 -05", "03-11 09:00 -04", "03-12 09:00 -04"]);

    [Fact]
    public void Occurrences_InALeftOutHour_ComeAnHourEarlier() =>
        RRuleSchedule
            .Create("DTSTART:20180308T023000\nFREQ=DAILY", "America/New_York")
            .Local("2018-03-10T00:00:00", 3)
            .ShouldBe(["03-10 02:30 -05", "03-11 01:30 -05", "03-12 02:30 -04"]);

    [Fact]
    public void Occurrences_MovedBeforeOthers_AreInOrder() =>
        RRuleSchedule
            .Create("DTSTART:20180308T000000\nFREQ=DAILY;BYHOUR=1,2;BYMINUTE=15,45", "America/New_York")
            .Local("2018-03-11T05:00:00", 3)
            .ShouldBe(["03-11 01:15 -05", "03-11 01:45 -05", "03-12 01:15 -04"]);

    [Fact]
    public void Occurrences_HourlyWhenClocksGoBack_TakesTheHourOnce() =>
        RRuleSchedule
            .Create("DTSTART:20181103T230000\nRRULE:FREQ=HOURLY", "America/New_York")
            .Local("2018-11-04T03:00:00", 5)
            .ShouldBe(["11-03 23:00 -04", "11-04 00:00 -04", "11-04 01:00 -04", "11-04 02:00 -05", "11-04 03:00 -05"]);

    [Theory]
    [InlineData("DTSTART:20230101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20240101T000000Z")]
    [InlineData("DTSTART;TZID=Asia/Tokyo:20230101T090000\nRRULE:FREQ=DAILY")]
    [InlineData("DTSTART;VALUE=DATE-TIME:20230101T090000\nRRULE:FREQ=DAILY")]
    public void Occurrences_OfTimesWithAnotherZone_AreOnTheClockOfTheSchedule(string rrule) =>
        RRuleSchedule.Create(rrule, "Europe/Berlin").Local("2023-06-08T00:00:00", 1).ShouldBe(["06-08 09:00 +02"]);

    [Fact]
    public void Occurrences_OfEverySecondYearsAfterItsStart_AreFoundAtOnce()
    {
        var schedule = RRuleSchedule.Create("DTSTART:19700101T000000\nRRULE:FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=7");

        schedule.Utc("2023-06-08T10:00:00", 1).ShouldBe(["2023-06-09T09:00:07"]);
    }

    [Theory]
    [InlineData("bad rrule string", 1, "'BAD' is not of the form NAME=VALUE")]
    [InlineData("FREQ=DAILYBAD", 6, "FREQ is one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY, not 'DAILYBAD'")]
    [InlineData("BYHOUR=9", 1, "FREQ is missing")]
    [InlineData("FREQ=DAILY;BYHOUR=9,24", 21, "'24' is not a number from 0 to 23")]
    [InlineData("FREQ=DAILY;BYDAY=MO,XX", 21, "'XX' is not one of MO, TU, WE, TH, FR, SA, SU")]
    [InlineData("FREQ=DAILY;BYSETPOS=0", 21, "0 counts from neither end")]
    [InlineData("FREQ=DAILY;INTERVAL=0", 21, "'0' is not a number from 1 to 100000000")]
    [InlineData("FREQ=DAILY;COUNT=2000000", 18, "'2000000' is not a number from 0 to 1000000")]
    [InlineData("FREQ=YEARLY;BYEASTER=1", 13, "BYEASTER is not supported: it is an extension of dateutil, not of RFC 5545")]
    [InlineData("FREQ=YEARLY;BYSOMETHING=1", 13, "there is no part 'BYSOMETHING'")]
    [InlineData("FREQ=DAILY;", 12, "'' is not of the form NAME=VALUE")]
    [InlineData("DTSTART:20230101T000000", 1, "there is no RRULE and no RDATE")]
    [InlineData("DTSTART:2023\nFREQ=DAILY", 9, "'2023' is not a date such as 20250131T093000")]
    [InlineData("DTSTART:20230101,20230102\nFREQ=DAILY", 9, "DTSTART is one date")]
    [InlineData("DTSTART;TZID=Mars/Olympus:20230101\nFREQ=DAILY", 9, "there is no time zone 'Mars/Olympus'")]
    [InlineData("RDATE;VALUE=DATE:20230101", 7, "RDATE takes no 'VALUE=DATE'")]
    [InlineData("SUMMARY:20230101", 1, "there is no line 'SUMMARY'")]
    [InlineData("DTSTART:20230101T000000\nFREQ=DAILY;UNTIL=20240101T000000Z", 42, "UNTIL ends with Z if DTSTART has a zone, and only then")]
    [InlineData("FREQ=HOURLY;INTERVAL=4;BYHOUR=3", 1, "with INTERVAL=4 from DTSTART on, no value of BYHOUR is ever met")]
    public void Create_OfWrongRules_SaysWhereAndWhy(string rrule, int position, string reason)
    {
        var error = Should.Throw<ScheduleException>(() => RRuleSchedule.Create(rrule)).Errors.ShouldHaveSingleItem();

        error.Message.ShouldBe($"Value error, Invalid RRule string: \"{rrule}\": {reason}, at position {position}");
        error.Position.ShouldBe(position);
    }

    [Fact]
    public void Create_OfTooLongRules_Refuses() =>
        Should
            .Throw<ScheduleException>(() =>
                RRuleSchedule.Create("FREQ=DAILY;BYMONTHDAY=" + string.Join(',', Enumerable.Repeat("10", 2200)))
            )
            .Errors.ShouldHaveSingleItem()
            .Message.ShouldContain("max length is 6500");
}
