using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Tests.Concurrency;

namespace Serverless.Api.Tests;

/// <summary>Limits get other names through the API.</summary>
public sealed class LimitNamesApiTests
{
    private const string Path = "/api/v2/concurrency_limits/";

    [Fact]
    public async Task Rename_KeepsIdAndSlots_AndFreesTheOldName()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await server.PostAsync(Path, """{"name": "a", "limit": 3, "active_slots": 2}""", HttpStatusCode.Created)).Text("id");

        await server.PatchAsync(Path + "a", """{"name": "b", "limit": 4}""", HttpStatusCode.NoContent);

        var renamed = await server.GetAsync(Path + "b");
        renamed.Text("id").ShouldBe(id);
        renamed!["limit"]!.GetValue<int>().ShouldBe(4);
        renamed["active_slots"]!.GetValue<int>().ShouldBe(2);
        (await server.GetAsync(Path + id)).Text("name").ShouldBe("b");
        await server.GetAsync(Path + "a", HttpStatusCode.NotFound);

        var other = (await server.PostAsync(Path, """{"name": "a", "limit": 1}""", HttpStatusCode.Created)).Text("id");
        other.ShouldNotBe(id);
        (await server.GetAsync(Path + "a")).Text("id").ShouldBe(other);
        (await server.PostAsync(Path + "filter", "{}"))!.AsArray().Select(limit => limit.Text("name")).ShouldBe(["a", "b"]);
        await server.PatchAsync(Path + id, """{"name": "a"}""", HttpStatusCode.Conflict);
        await server.PostAsync(Path, """{"name": "b", "limit": 1}""", HttpStatusCode.Conflict);

        await server.DeleteAsync(Path + "a", HttpStatusCode.NoContent);
        await server.PatchAsync(Path + "b", """{"name": "a"}""", HttpStatusCode.NoContent);
        (await server.GetAsync(Path + "a")).Text("id").ShouldBe(id);
        await server.DeleteAsync(Path + "a", HttpStatusCode.NoContent);
        (await server.Store.CountAsync(ConcurrencyKeys.Limits)).ShouldBe(0);
    }

    [Fact]
    public async Task Rename_OfATag_LimitsTheOtherTag_AndWhoWaitsLooksAgain()
    {
        await using var server = await ApiServer.StartAsync();
        var limit = await server.Limits().CreateAsync("tag:old", new LimitChanges(1), CancellationToken.None);
        var run = await server.CreateRunningAsync();
        var holder = await BeginAsync(server, run, 0, "old");
        (await BeginAsync(server, run, 1, "old")).Answer.Status.ShouldBe(SetStateStatus.Wait);
        (await BeginAsync(server, run, 2, "new")).Answer.Status.ShouldBe(SetStateStatus.Accept);
        server.Announcer.Entries.Clear();

        await server.PatchAsync(Path + "tag:old", """{"name": "tag:new"}""", HttpStatusCode.NoContent);

        server.Announcer.Entries.Count(entry => entry.Kind == OutboxKind.SlotGranted).ShouldBe(1);
        (await BeginAsync(server, run, 1, "old")).Answer.Status.ShouldBe(SetStateStatus.Accept);
        (await BeginAsync(server, run, 3, "new")).Answer.Status.ShouldBe(SetStateStatus.Wait);
        (await server.SlotsAsync(limit.Id)).ShouldHaveSingleItem();
        await server.GetAsync("/api/concurrency_limits/tag/old", HttpStatusCode.NotFound);
        (await server.GetAsync("/api/concurrency_limits/tag/new")).Text("id").ShouldBe(limit.Id.ToString());

        await server.Gate.EndTaskRunAsync(holder, ProposedStates.Completed());
        (await BeginAsync(server, run, 3, "new")).Answer.Status.ShouldBe(SetStateStatus.Accept);
    }

    [Theory]
    [InlineData("deployment:@", "a")]
    [InlineData("a", "deployment:@")]
    public async Task Rename_OfOrToADeploymentsLimit_IsRefused(string from, string to)
    {
        await using var server = await ApiServer.StartAsync();
        (from, to) = (from.Replace("@", $"{server.Registered.Id}"), to.Replace("@", $"{server.Registered.Id}"));
        await server.PostAsync(Path, $$"""{"name": "{{from}}", "limit": 3}""", HttpStatusCode.Created);

        (await server.PatchAsync(Path + from, $$"""{"name": "{{to}}"}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldContain("concurrency_limit");
    }

    private static Task<TaskRunStarted> BeginAsync(TestServer server, FlowRun run, int call, string tag) =>
        BeginAsync(server, TestServer.StartOf(run.Id, call) with { Tags = [tag], Instance = "some" });

    private static async Task<TaskRunStarted> BeginAsync(TestServer server, TaskRunStart start) =>
        (await server.Gate.BeginTaskRunAsync(start)).ShouldNotBeNull();
}
