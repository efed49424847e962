using System.Net;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

/// <summary>Schedules of deployments on the wire: bodies, statuses and errors of Prefect's operations.</summary>
public sealed class DeploymentSchedulesApiTests
{
    private const string Hourly = """{"schedule": {"cron": "0 * * * *"}, "slug": "hourly"}""";

    [Fact]
    public async Task Create_WithSchedules_ShowsThemWithDefaults()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await CreateAsync(server, $"[{Hourly}]");

        var schedule = created["schedules"]!.AsArray().ShouldHaveSingleItem()!;
        schedule.Text("deployment_id").ShouldBe(created.Text("id"));
        schedule.Text("slug").ShouldBe("hourly");
        schedule["active"]!.GetValue<bool>().ShouldBeTrue();
        schedule["max_scheduled_runs"].ShouldBeNull();
        schedule["parameters"]!.AsObject().Count.ShouldBe(0);
        schedule["schedule"]!.ToJsonString().ShouldBe("""{"cron":"0 * * * *","timezone":null,"day_or":true}""");
        schedule["created"].ShouldNotBeNull();
        (await server.GetAsync(PathOf(created)))!.ToJsonString().ShouldBe(created["schedules"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"schedule": {"cron": "61 * * * *"}}]""", "schedules.0.schedule.CronSchedule.cron")]
    [InlineData("""[{"schedule": {"interval": 60}}, {"schedule": {"interval": 0}}]""", "schedules.1.schedule.IntervalSchedule.interval")]
    [InlineData("""[{"schedule": {"rrule": "FREQ=NEVER"}}]""", "schedules.0.schedule.RRuleSchedule.rrule")]
    [InlineData("""[{"schedule": {}}]""", "schedules.0.schedule")]
    [InlineData("""[{"slug": "none"}]""", "schedules.0.schedule")]
    [InlineData("""[{"schedule": {"cron": "0 * * * *"}, "max_scheduled_runs": 0}]""", "schedules.0.max_scheduled_runs")]
    [InlineData("""[{"schedule": {"cron": "0 * * * *"}, "catch_up_policy": "SOME"}]""", "schedules.0.catch_up_policy")]
    [InlineData("""[{"schedule": {"cron": "0 * * * *"}, "catchup": true}]""", "schedules.0.catchup")]
    public async Task Create_WithAWrongSchedule_SaysWhere(string schedules, string place)
    {
        await using var server = await ApiServer.StartAsync();

        var answer = await CreateAsync(server, schedules, HttpStatusCode.UnprocessableContent);

        string.Join('.', answer["exception_detail"]![0]!["loc"]!.AsArray().Skip(1)).ShouldBe(place);
        await server.GetAsync("/api/deployments/name/hello/nightly", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Create_WithOneSlugTwice_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();

        (await CreateAsync(server, $"[{Hourly}, {Hourly}]", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldBe("Schedule slugs must be unique within a deployment.");
    }

    [Fact]
    public async Task Create_Again_RemovesWhatIsNotGiven()
    {
        await using var server = await ApiServer.StartAsync();
        var first = await CreateAsync(server, $$"""[{{Hourly}}, {"schedule": {"interval": 60} }]""");

        var again = await CreateAsync(server, $"[{Hourly}]", HttpStatusCode.OK);

        again["schedules"]!.AsArray().ShouldHaveSingleItem().Text("id").ShouldBe(first["schedules"]![0].Text("id"));
        (await CreateAsync(server, "null", HttpStatusCode.OK))["schedules"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task AddChangeRemove_OfOneSchedule_Works()
    {
        await using var server = await ApiServer.StartAsync();
        var path = PathOf(await CreateAsync(server, "[]"));

        var added = (await server.PostAsync(path, $"[{Hourly}]", HttpStatusCode.Created))!.AsArray().ShouldHaveSingleItem();
        (await server.PostAsync(path, $"[{Hourly}]", HttpStatusCode.Conflict)).Text("detail").ShouldContain("unique");
        await server.PatchAsync(
            $"{path}/{added.Text("id")}",
            """{"active": false, "parameters": {"count": 3}}""",
            HttpStatusCode.NoContent
        );
        await server.PatchAsync(
            $"{path}/{added.Text("id")}",
            """{"schedule": {"interval": 3600, "timezone": "Europe/Berlin"}}""",
            HttpStatusCode.NoContent
        );

        var changed = (await server.GetAsync(path))!.AsArray().ShouldHaveSingleItem()!;
        changed.Text("id").ShouldBe(added.Text("id"));
        changed["active"]!.GetValue<bool>().ShouldBeFalse();
        changed["parameters"]!.ToJsonString().ShouldBe("""{"count":3}""");
        changed["schedule"].Text("timezone").ShouldBe("Europe/Berlin");
        await server.DeleteAsync($"{path}/{added.Text("id")}", HttpStatusCode.NoContent);
        (await server.GetAsync(path))!.AsArray().ShouldBeEmpty();
        (await server.DeleteAsync($"{path}/{added.Text("id")}", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Schedule not found.");
        (await server.PatchAsync($"{path}/{added.Text("id")}", "{}", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Schedule not found.");
    }

    [Fact]
    public async Task Schedules_OfNoDeployment_AreNotFound()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{Guid.Empty}/schedules";

        await server.GetAsync(path, HttpStatusCode.NotFound);
        await server.PostAsync(path, $"[{Hourly}]", HttpStatusCode.NotFound);
        await server.PatchAsync($"{path}/{Guid.Empty}", "{}", HttpStatusCode.NotFound);
        await server.DeleteAsync($"{path}/{Guid.Empty}", HttpStatusCode.NotFound);
        await server.PostAsync($"/api/deployments/{Guid.Empty}/schedule", "{}", HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""[{"slug": "hourly", "active": false}]""", 204, "hourly:off daily:on")]
    [InlineData("""[{"slug": "weekly", "schedule": {"cron": "0 0 * * 1"}}]""", 204, "hourly:on daily:on weekly:on")]
    [InlineData("""[{"slug": "every-hour", "replaces": "hourly"}]""", 204, "every-hour:on daily:on")]
    [InlineData("""[{"slug": "daily", "replaces": "hourly"}, {"slug": "hourly", "replaces": "daily"}]""", 204, "daily:on hourly:on")]
    [InlineData("""[{"slug": "new", "replaces": "none", "schedule": {"cron": "0 0 * * 1"}}]""", 204, "hourly:on daily:on new:on")]
    [InlineData("[]", 204, "hourly:on daily:on")]
    [InlineData("""[{"active": false}]""", 422, "Please provide a slug for each schedule")]
    [InlineData("""[{"slug": "weekly"}]""", 422, "Unable to create new deployment schedules without a schedule configuration.")]
    [InlineData("""[{"slug": "daily", "replaces": "hourly"}]""", 422, "Cannot rename schedule from 'hourly' to 'daily'")]
    [InlineData("""[{"slug": "a", "replaces": "daily"}, {"slug": "b", "replaces": "daily"}]""", 422, "Multiple schedules have 'replaces'")]
    public async Task Update_OfSchedulesWithSlugs_FollowsPrefect(string schedules, int status, string expected)
    {
        await using var server = await ApiServer.StartAsync();
        var created = await CreateAsync(server, $$"""[{{Hourly}}, {"schedule": {"cron": "0 0 * * *"}, "slug": "daily"}]""");
        var deployment = $"/api/deployments/{created.Text("id")}";

        var answer = await server.PatchAsync(deployment, $$"""{"schedules": {{schedules}}}""", (HttpStatusCode)status);

        if (status == 204)
        {
            Names(await server.GetAsync($"{deployment}/schedules")).ShouldBe(expected);
        }
        else
        {
            answer.Text("detail").ShouldContain(expected);
            Names(await server.GetAsync($"{deployment}/schedules")).ShouldBe("hourly:on daily:on");
        }
    }

    [Fact]
    public async Task Update_OfSchedulesWithoutSlugs_ReplacesThem()
    {
        await using var server = await ApiServer.StartAsync();
        var created = await CreateAsync(server, """[{"schedule": {"interval": 60}}]""");
        var deployment = $"/api/deployments/{created.Text("id")}";

        await server.PatchAsync(
            deployment,
            """{"schedules": [{"schedule": {"cron": "0 0 * * *"}, "active": false}]}""",
            HttpStatusCode.NoContent
        );

        (await server.GetAsync($"{deployment}/schedules"))!
            .AsArray()
            .ShouldHaveSingleItem()!["schedule"]
            .Text("cron")
            .ShouldBe("0 0 * * *");
        await server.PatchAsync(deployment, """{"description": "other"}""", HttpStatusCode.NoContent);
        (await server.GetAsync($"{deployment}/schedules"))!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Schedule_ForAPastMonth_CreatesItsRuns()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await CreateAsync(server, """[{"schedule": {"cron": "0 0 * * *"}}]""")).Text("id");
        var body = """{"start_time": "2025-12-01T00:00:00Z", "end_time": "2025-12-10T12:00:00Z", "min_runs": 50}""";

        (await server.PostAsync($"/api/deployments/{id}/schedule", body, HttpStatusCode.OK)).ShouldBeNull();

        var runs = await server.PostAsync(
            "/api/flow_runs/filter",
            $$"""{"flow_runs": {"deployment_id": {"any_": ["{{id}}"] }, "expected_start_time": {"before_": "2025-12-31T00:00:00Z"} } }""",
            HttpStatusCode.OK
        );
        runs!.AsArray().Count.ShouldBe(10);
        await server.PostAsync($"/api/deployments/{id}/schedule", """{"max_runs": 1001}""", HttpStatusCode.UnprocessableContent);
    }

    private static string Names(JsonNode? schedules) =>
        string.Join(' ', schedules!.AsArray().Select(each => $"{each.Text("slug")}:{(each!["active"]!.GetValue<bool>() ? "on" : "off")}"));

    private static string PathOf(JsonNode deployment) => $"/api/deployments/{deployment.Text("id")}/schedules";

    private static async Task<JsonNode> CreateAsync(TestServer server, string schedules, HttpStatusCode status = HttpStatusCode.Created) =>
        (
            await server.PostAsync(
                "/api/deployments/",
                $$"""{"name": "nightly", "flow_id": "{{server.Registered.FlowId}}", "parameters": {"count": 1}, "schedules": {{schedules}}}""",
                status
            )
        )!;
}
