using System.Net;
using System.Text.Json.Nodes;
using Serverless.Server.Runs;
using Serverless.Server.Tests.Concurrency;

namespace Serverless.Api.Tests;

public sealed class TagLimitsApiTests
{
    private const string Limits = "/api/concurrency_limits/";
    private const string NotFound = "Concurrency limit not found";

    [Fact]
    public async Task Create_ThenAgain_ChangesTheLimit()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await server.PostAsync(Limits, """{"tag": "db", "concurrency_limit": 2}""", HttpStatusCode.Created);
        var changed = await server.PostAsync(Limits, """{"tag": "db", "concurrency_limit": 4}""");

        changed.Text("id").ShouldBe(created.Text("id"));
        changed!["concurrency_limit"]!.GetValue<int>().ShouldBe(4);
        (await server.GetAsync(Limits + created.Text("id"))).Text("tag").ShouldBe("db");
        (await server.GetAsync(Limits + "tag/db"))!["concurrency_limit"]!.GetValue<int>().ShouldBe(4);
        (await server.GetAsync("/api/v2/concurrency_limits/tag:db")).Text("id").ShouldBe(created.Text("id"));
    }

    [Fact]
    public async Task Filter_AmongOthers_ShowsThoseOfTagsWithTheirTaskRuns()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync("/api/v2/concurrency_limits/", """{"name": "other", "limit": 2}""", HttpStatusCode.Created);
        await server.PostAsync(Limits, """{"tag": "db", "concurrency_limit": 2}""", HttpStatusCode.Created);
        var start = await BeginAsync(server, 0);

        var limit = (await server.PostAsync(Limits + "filter", null))!.AsArray().ShouldHaveSingleItem()!;

        limit.Text("tag").ShouldBe("db");
        limit["active_slots"]!.AsArray().ShouldHaveSingleItem()!.GetValue<Guid>().ShouldBe(start.TaskRunId);
    }

    [Fact]
    public async Task Reset_WithOverride_KeepsTheSlotsOfThoseAlone()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"tag": "db", "concurrency_limit": 3}""", HttpStatusCode.Created);
        var kept = await BeginAsync(server, 0);
        await BeginAsync(server, 1);

        await server.PostAsync(Limits + "tag/db/reset", $$"""{"slot_override": ["{{kept.TaskRunId}}"]}""");
        (await server.GetAsync(Limits + "tag/db"))!["active_slots"]!
            .AsArray()
            .ShouldHaveSingleItem()!
            .GetValue<Guid>()
            .ShouldBe(kept.TaskRunId);

        await server.PostAsync(Limits + "tag/db/reset", null);
        (await server.GetAsync(Limits + "tag/db"))!["active_slots"]!.AsArray().ShouldBeEmpty();
        (await server.PostAsync(Limits + "tag/other/reset", null, HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
    }

    [Fact]
    public async Task Delete_ByTagAndById_IsGone()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"tag": "a", "concurrency_limit": 1}""", HttpStatusCode.Created);
        var id = (await server.PostAsync(Limits, """{"tag": "b", "concurrency_limit": 1}""", HttpStatusCode.Created)).Text("id");

        await server.DeleteAsync(Limits + "tag/a", HttpStatusCode.OK);
        await server.DeleteAsync(Limits + id, HttpStatusCode.OK);

        (await server.GetAsync(Limits + "tag/a", HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
        (await server.GetAsync(Limits + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
        (await server.DeleteAsync(Limits + id, HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
    }

    private static async Task<TaskRunStart> BeginAsync(TestServer server, int dynamicKey)
    {
        var run = await server.CreateRunningAsync();
        var start = TestServer.StartOf(run.Id, dynamicKey) with { Tags = ["db"] };
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull().Answer.Status.ShouldBe(Core.States.SetStateStatus.Accept);
        return start;
    }
}
