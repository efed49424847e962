using System.Net;

namespace Serverless.Api.Tests;

public sealed class SchedulesApiTests
{
    [Fact]
    public async Task Preview_CronOverAClockChange_TellsTheTimesOfTheZone()
    {
        await using var server = await ApiServer.StartAsync();

        var times = await server.PostAsync(
            "/api/schedules/preview",
            """{"schedule": {"cron": "0 9 * * *", "timezone": "Europe/Berlin"}, "start": "2026-03-28T00:00:00Z", "count": 2}"""
        );

        times!.AsArray().Select(next => next!.GetValue<string>()).ShouldBe(["2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00"]);
    }

    [Fact]
    public async Task Preview_WrongExpression_SaysWhere()
    {
        await using var server = await ApiServer.StartAsync();

        var refused = await server.PostAsync(
            "/api/schedules/preview",
            """{"schedule": {"cron": "0 99 * * *"}}""",
            HttpStatusCode.UnprocessableContent
        );

        refused!["detail"]![0]!["loc"]!.ToJsonString().ShouldStartWith("""["body","schedule",""");
        refused["detail"]![0].Text("msg").ShouldContain("at position 3");
        await server.PostAsync(
            "/api/schedules/preview",
            """{"schedule": {"cron": "* * * * *"}, "count": 1001}""",
            HttpStatusCode.UnprocessableContent
        );
    }
}
