using System.Text.Json;
using Serverless.Server.Schedules;

namespace Serverless.Server.Tests.Schedules;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Now = Times.At("2025-01-01T12:34:56.789");

    [Theory]
    [InlineData(
        """{"cron":"0 2 * * *","timezone":"Europe/Berlin","day_or":false}""",
        """{"cron":"0 2 * * *","timezone":"Europe/Berlin","day_or":false}"""
    )]
    [InlineData("""{"cron":"0 2 * * *"}""", """{"cron":"0 2 * * *","timezone":null,"day_or":true}""")]
    [InlineData("""{"cron":"0 2 * * *","timezone":"","day_or":"no"}""", """{"cron":"0 2 * * *","timezone":"","day_or":false}""")]
    [InlineData("""{"rrule":"FREQ=DAILY"}""", """{"rrule":"FREQ=DAILY","timezone":"UTC"}""")]
    [InlineData("""{"rrule":"FREQ=DAILY","timezone":null}""", """{"rrule":"FREQ=DAILY","timezone":null}""")]
    [InlineData("""{"interval":90.5}""", """{"interval":90.5,"anchor_date":"2025-01-01T12:34:56.789000Z","timezone":"UTC"}""")]
    [InlineData(
        """{"interval":"PT1H30M","anchor_date":"2020-01-01T02:00:00+02:00","timezone":"US/Eastern"}""",
        """{"interval":5400,"anchor_date":"2020-01-01T00:00:00Z","timezone":"US/Eastern"}"""
    )]
    [InlineData(
        """{"interval":"1 day, 01:30","anchor_date":"2020-01-01"}""",
        """{"interval":91800,"anchor_date":"2020-01-01T00:00:00Z","timezone":"UTC"}"""
    )]
    [InlineData("{}", "{}")]
    public void ToJson_OfWhatWasParsed_IsTheWholeSchedule(string body, string whole)
    {
        var schedule = Schedule.Parse(JsonElement.Parse(body), Now);

        schedule.ToJson().GetRawText().ShouldBe(whole);
        Schedule.Parse(schedule.ToJson(), Now.AddDays(1)).ShouldBe(schedule);
    }

    [Theory]
    [InlineData("[]", "model_attributes_type ")]
    [InlineData("""{"timezone":"UTC"}""", "missing IntervalSchedule.interval missing CronSchedule.cron missing RRuleSchedule.rrule")]
    [InlineData("""{"cron":null}""", "string_type CronSchedule.cron")]
    [InlineData(
        """{"cron":"x","timezone":"fake","day_or":null}""",
        "value_error CronSchedule.timezone bool_type CronSchedule.day_or value_error CronSchedule.cron"
    )]
    [InlineData("""{"cron":"* * * * *","day_or":2}""", "bool_parsing CronSchedule.day_or")]
    [InlineData("""{"cron":"* * * * *","timezone":1}""", "string_type CronSchedule.timezone")]
    [InlineData("""{"cron":"* * * * *","rrule":"FREQ=DAILY"}""", "extra_forbidden CronSchedule.rrule")]
    [InlineData("""{"rrule":"FREQ=NEVER","timezone":"+02:00"}""", "value_error RRuleSchedule.timezone value_error RRuleSchedule.rrule")]
    [InlineData(
        """{"interval":null,"anchor_date":null}""",
        "time_delta_type IntervalSchedule.interval datetime_type IntervalSchedule.anchor_date"
    )]
    [InlineData(
        """{"interval":"soon","anchor_date":"then"}""",
        "time_delta_parsing IntervalSchedule.interval datetime_from_date_parsing IntervalSchedule.anchor_date"
    )]
    [InlineData("""{"interval":0}""", "value_error IntervalSchedule.interval")]
    [InlineData("""{"interval":"-PT1H"}""", "value_error IntervalSchedule.interval")]
    [InlineData("""{"interval":1e20}""", "time_delta_parsing IntervalSchedule.interval")]
    public void TryParse_OfAWrongBody_TellsAllThatIsWrong(string body, string expected)
    {
        Schedule.TryParse(JsonElement.Parse(body), Now, out var schedule, out var errors).ShouldBeFalse();

        schedule.ShouldBeNull();
        string.Join(' ', errors.Select(error => $"{error.Type} {string.Join('.', error.Location)}")).ShouldBe(expected);
    }

    [Fact]
    public void TryParse_OfAWrongExpression_GivesItsPosition()
    {
        Schedule.TryParse(JsonElement.Parse("""{"cron":"0 99 * * *"}"""), Now, out _, out var errors).ShouldBeFalse();

        errors.ShouldHaveSingleItem().Position.ShouldBe(3);
        errors[0].Input!.Value.GetString().ShouldBe("0 99 * * *");
        errors[0].Message.ShouldBe("Value error, Invalid cron string: \"0 99 * * *\": hour: 99 is not between 0 and 23, at position 3");
    }

    [Fact]
    public void Next_WithoutBounds_IsOne() => CronSchedule.Create("0 0 * * *").Next(Now).ShouldBe([Times.At("2025-01-02")]);

    [Fact]
    public void Next_UntilATime_IsAThousandAtMost() =>
        CronSchedule.Create("* * * * *").Next(Now, until: Now.AddDays(30)).Count.ShouldBe(Schedule.MostTimes);

    [Fact]
    public void Next_UntilATime_HasThatTime() =>
        CronSchedule.Create("0 0 * * *").Next(Now, 10, Times.At("2025-01-03")).ShouldBe([Times.At("2025-01-02"), Times.At("2025-01-03")]);

    [Fact]
    public void Occurrences_FromTheEndsOfTime_DoNotFail()
    {
        Schedule[] schedules =
        [
            CronSchedule.Create("0 0 * * *", "Asia/Tokyo"),
            RRuleSchedule.Create("FREQ=DAILY", "Asia/Tokyo"),
            new NoSchedule(),
            IntervalSchedule.Create(TimeSpan.FromDays(1), Now, "Asia/Tokyo"),
            IntervalSchedule.Create(TimeSpan.FromMinutes(1), Now, "Asia/Tokyo"),
        ];

        foreach (var schedule in schedules)
        {
            schedule.Occurrences(DateTimeOffset.MinValue).Take(3).Count().ShouldBe(schedule is NoSchedule ? 0 : 3);
            schedule.Occurrences(DateTimeOffset.MaxValue).ShouldBeEmpty();
            _ = schedule.Occurrences(new DateTimeOffset(9998, 12, 30, 0, 0, 0, TimeSpan.Zero)).Count();
        }
    }

    // However the times are asked for, they are the same: a slot has one instant, whatever pass finds it.
    [Fact]
    public void Occurrences_FromAnyTime_AreTheSame()
    {
        foreach (var vector in Vector.ReadAll().Where(vector => vector.Answer is not null).Chunk(50).Select(chunk => chunk[0]))
        {
            var schedule = vector.Make();
            List<DateTimeOffset> all = [.. schedule.Occurrences(vector.Start).Take(8)];
            foreach (var (index, time) in all.Index())
            {
                schedule.Occurrences(time).Take(8 - index).ShouldBe(all[index..], vector.ToString());
                schedule.Occurrences(time.AddTicks(1)).Take(7 - index).ShouldBe(all[(index + 1)..], vector.ToString());
            }
        }
    }
}
