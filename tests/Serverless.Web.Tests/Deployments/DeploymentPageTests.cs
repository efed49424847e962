using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;

namespace Serverless.Web.Tests.Deployments;

public sealed class DeploymentPageTests
{
    [Fact]
    public async Task List_AndOne_ShowTheDeployment()
    {
        await using var server = await WebServer.StartAsync();

        (await server.PageAsync("/deployments")).ShouldContain($"/deployments/deployment/{server.Registered.Id}");
        (await server.PageAsync("/deployments?q=nothing-like-it")).ShouldContain("No deployment matches.");
        (await server.PageAsync($"/deployments/deployment/{server.Registered.Id}")).ShouldContain("It has not run yet.");
        await server.PageAsync("/deployments/deployment/00000000-0000-4000-8000-000000000000", 404);
        (await server.PageAsync("/flows")).ShouldContain("hello");
        (await server.PageAsync($"/flows/flow/{server.Registered.FlowId}")).ShouldContain("It has not run yet.");
    }

    [Fact]
    public async Task Run_WithParameters_MakesARunOfThem()
    {
        await using var server = await WebServer.StartAsync();
        var page = $"/deployments/deployment/{server.Registered.Id}/run";
        var action = $"/act/deployment/{server.Registered.Id}/run";

        var (status, html) = await server.ActAsync(page, action, ("$.name", "Ada"), ("$.count", "no"), ("name", "by hand"));
        status.ShouldBe(422);
        html.ShouldContain("This is no whole number.");
        html.ShouldContain("value=\"Ada\"");
        (status, html) = await server.ActAsync(page, action, ("$.name", "Ada"), ("$.count", ""));
        status.ShouldBe(422);
        html.ShouldContain("is a required property");
        (status, _) = await server.ActAsync(page, action, ("$.name", "Ada"), ("$.count", "3"), ("name", "by hand"), ("tags", "a, b"));
        status.ShouldBe(204);

        var run = (await server.Runs.FilterAsync(new FlowRunQuery())).ShouldHaveSingleItem();
        run.Name.ShouldBe("by hand");
        run.Tags.ShouldBe(["sample", "a", "b"]);
        run.Parameters["name"].GetString().ShouldBe("Ada");
        run.Parameters["count"].GetInt32().ShouldBe(3);
        (await server.PageAsync($"{page}?from={run.Id}")).ShouldContain("value=\"Ada\"");
    }

    [Fact]
    public async Task Run_WithJson_TakesItInsteadOfTheFields()
    {
        await using var server = await WebServer.StartAsync();
        var page = $"/deployments/deployment/{server.Registered.Id}/run";
        var action = $"/act/deployment/{server.Registered.Id}/run";

        (await server.ActAsync(page, action, ("_use_json", "true"), ("_json", "{"))).Html.ShouldContain("This is no JSON");
        (await server.ActAsync(page, action, ("_use_json", "true"), ("_json", """{"count": 7}"""), ("$.count", "1"))).Status.ShouldBe(204);

        (await server.Runs.FilterAsync(new FlowRunQuery())).ShouldHaveSingleItem().Parameters["count"].GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData("kind=cron&what=0 9 * * 1-5&timezone=Europe/Berlin", 200, "09:00:00 &#x2B;0")]
    [InlineData("kind=interval&what=15", 200, "<li")]
    [InlineData("kind=rrule&what=RRULE:FREQ=DAILY;UNTIL=20000101T000000", 200, "has no times to come")]
    [InlineData("kind=cron&what=never", 422, "role=\"alert\"")]
    [InlineData("kind=cron&what=", 422, "Say when")]
    [InlineData("kind=cron&what=0 9 * * *&timezone=Nowhere/Else", 422, "role=\"alert\"")]
    public async Task Times_OfAScheduleThatIsTyped_AreShownBeforeItIsAdded(string typed, int status, string words)
    {
        await using var server = await WebServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/deployments/schedule-times?{typed}", UriKind.Relative));
        request.Headers.Add("HX-Request", "true");

        using var answer = await server.Http.SendAsync(request);

        var html = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, html);
        html.ShouldContain(words);
    }

    [Fact]
    public async Task Schedules_AddedSwitchedDeleted_AreSo()
    {
        await using var server = await WebServer.StartAsync();
        var page = $"/deployments/deployment/{server.Registered.Id}";
        var act = $"/act/deployment/{server.Registered.Id}";

        (await server.ActAsync(page, $"{act}/schedules", ("kind", "cron"), ("what", "not cron"))).Status.ShouldBe(422);
        (
            await server.ActAsync(page, $"{act}/schedules", ("kind", "cron"), ("what", "0 9 * * *"), ("timezone", "Europe/Berlin"))
        ).Status.ShouldBe(200);
        var schedule = (await SchedulesAsync()).ShouldHaveSingleItem();
        (await server.PageAsync(page)).ShouldContain("cron 0 9 * * * in Europe/Berlin");
        (await server.ActAsync(page, $"{act}/schedule/{schedule.Id}/switch", ("active", "false"))).Status.ShouldBe(200);
        (await SchedulesAsync()).ShouldHaveSingleItem().Active.ShouldBeFalse();
        var update = $"{act}/schedule/{schedule.Id}/update";
        (await server.ActAsync(page, update, ("kind", "interval"), ("what", "never"))).Status.ShouldBe(422);
        (await server.ActAsync(page, update, ("kind", "interval"), ("what", "90"), ("timezone", "UTC"))).Status.ShouldBe(200);
        (await server.PageAsync(page)).ShouldContain("every 1 h 30 min in UTC");
        var times = $"/deployments/schedule-times?deployment={server.Registered.Id}&schedule={schedule.Id}&kind=interval&what=30";
        (await server.PageAsync(times)).ShouldContain("Next:");
        (await SchedulesAsync()).ShouldHaveSingleItem().Active.ShouldBeFalse();
        (await server.ActAsync(page, $"{act}/schedule/{schedule.Id}/delete")).Status.ShouldBe(200);
        (await SchedulesAsync()).ShouldBeEmpty();

        (await server.ActAsync(page, update, ("kind", "interval"), ("what", "90"))).Status.ShouldBe(404);

        async Task<IReadOnlyList<DeploymentSchedule>> SchedulesAsync() =>
            (await server.Get<DeploymentService>().GetAsync(server.Registered.Id)).ShouldNotBeNull().Schedules;
    }
}
