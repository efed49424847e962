using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Api.Http;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Server.Tests.Concurrency;

namespace Serverless.Api.Tests;

public sealed class ConcurrencyLimitsApiTests
{
    private const string Limits = "/api/v2/concurrency_limits/";
    private const string NotFound = "Concurrency Limit not found";

    [Fact]
    public async Task Create_New_IsReadByIdAndByName()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await server.PostAsync(Limits, """{"name": "database", "limit": 3}""", HttpStatusCode.Created);

        created!["active"]!.GetValue<bool>().ShouldBeTrue();
        created["limit"]!.GetValue<int>().ShouldBe(3);
        created["denied_slots"]!.GetValue<int>().ShouldBe(0);
        created["avg_slot_occupancy_seconds"]!.GetValue<double>().ShouldBe(2.0);
        var byName = await server.GetAsync(Limits + "database");
        byName.Text("id").ShouldBe(created.Text("id"));
        byName!["active_slots"]!.GetValue<int>().ShouldBe(0);
        byName["slot_decay_per_second"]!.GetValue<double>().ShouldBe(0);
        (await server.GetAsync(Limits + created.Text("id"))).Text("name").ShouldBe("database");
    }

    [Fact]
    public async Task Create_NameTaken_IsAConflict()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"name": "database", "limit": 3}""", HttpStatusCode.Created);

        (await server.PostAsync(Limits, """{"name": "database", "limit": 4}""", HttpStatusCode.Conflict))
            .Text("detail")
            .ShouldContain("database");

        (await server.GetAsync(Limits + "database"))!["limit"]!.GetValue<int>().ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"name": "a/b", "limit": 1}""", "string_pattern_mismatch", "body.name")]
    [InlineData("""{"name": "a", "limit": -1}""", "greater_than_equal", "body.limit")]
    [InlineData("""{"name": "a"}""", "missing", "body.limit")]
    [InlineData("""{"name": "a", "limit": 1, "other": 2}""", "extra_forbidden", "body.other")]
    public async Task Create_Invalid_Says(string body, string type, string location)
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PostAsync(Limits, body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);
    }

    [Fact]
    public async Task Create_ActiveSlots_AreTaken()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await server.PostAsync(
            Limits,
            """{"name": "a", "limit": 3, "active_slots": 2, "denied_slots": 0}""",
            HttpStatusCode.Created
        );

        created!["active_slots"]!.GetValue<int>().ShouldBe(2);
        (await ActiveSlotsAsync(server, "a")).ShouldBe(2);
        server.Time.Advance(TimeSpan.FromHours(1));
        (await ActiveSlotsAsync(server, "a")).ShouldBe(2);
        await server.PatchAsync(Limits + "a", """{"active_slots": 0}""", HttpStatusCode.NoContent);
        (await ActiveSlotsAsync(server, "a")).ShouldBe(0);
        await server.PostAsync(Limits, """{"name": "b", "limit": 1, "denied_slots": 1}""", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Create_SlotDecay_FreesSlotsByTheSecond()
    {
        await using var server = await ApiServer.StartAsync();

        var created = await server.PostAsync(
            Limits,
            """{"name": "a", "limit": 10, "active_slots": 5, "slot_decay_per_second": 0.5}""",
            HttpStatusCode.Created
        );

        created!["slot_decay_per_second"]!.GetValue<double>().ShouldBe(0.5);
        server.Time.Advance(TimeSpan.FromSeconds(3));
        var limit = await server.GetAsync(Limits + "a");
        limit!["active_slots"]!.GetValue<int>().ShouldBe(4);
        limit["slot_decay_per_second"]!.GetValue<double>().ShouldBe(0.5);
        await server.PatchAsync(Limits + "a", """{"slot_decay_per_second": 1}""", HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        (await ActiveSlotsAsync(server, "a")).ShouldBe(2);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        (await ActiveSlotsAsync(server, "a")).ShouldBe(0);
    }

    [Fact]
    public async Task SlotDecay_OfADeployment_LetsTheNextRunStart()
    {
        await using var server = await ApiServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var name = $"deployment:{server.Registered.Id}";
        await server.PatchAsync(Limits + name, """{"slot_decay_per_second": 0.1}""", HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromSeconds(10));

        (await server.BeginAsync((await server.ScheduleAsync()).Id)).State!.Type.ShouldNotBe(StateType.Scheduled);
        (await server.BeginAsync((await server.ScheduleAsync()).Id)).State!.Name.ShouldBe("AwaitingConcurrencySlot");
        server.Time.Advance(TimeSpan.FromSeconds(10));
        (await server.BeginAsync((await server.ScheduleAsync()).Id)).State!.Type.ShouldNotBe(StateType.Scheduled);
    }

    [Fact]
    public async Task Update_Unknown_IsNotFoundWhateverElseIsAsked()
    {
        await using var server = await ApiServer.StartAsync();

        (await server.PatchAsync(Limits + "other", """{"name": "new", "active_slots": 1}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe(NotFound);
        (await server.PatchAsync(Limits + Guid.NewGuid(), """{"name": "new"}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe(NotFound);
        (await server.PatchAsync($"/api/deployments/{Guid.NewGuid()}", """{"paused": true}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Deployment not found");
        (await server.PatchAsync(Limits + "other", """{"name": "a/b"}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("string_pattern_mismatch", "body.name")]);
    }

    [Fact]
    public async Task Update_LimitAndActive_AreChanged()
    {
        await using var server = await ApiServer.StartAsync();
        var id = (await server.PostAsync(Limits, """{"name": "database", "limit": 3}""", HttpStatusCode.Created)).Text("id");

        await server.PatchAsync(Limits + "database", """{"limit": 5}""", HttpStatusCode.NoContent);
        await server.PatchAsync(Limits + id, """{"active": false}""", HttpStatusCode.NoContent);

        var limit = await server.GetAsync(Limits + "database");
        limit!["limit"]!.GetValue<int>().ShouldBe(5);
        limit["active"]!.GetValue<bool>().ShouldBeFalse();
        (await server.PatchAsync(Limits + "other", "{}", HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
        await server.PatchAsync(Limits + id, """{"name": "database"}""", HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Delete_ThenAgain_IsNotFound()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"name": "database", "limit": 3}""", HttpStatusCode.Created);

        await server.DeleteAsync(Limits + "database", HttpStatusCode.NoContent);

        (await server.DeleteAsync(Limits + "database", HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
        (await server.GetAsync(Limits + "database", HttpStatusCode.NotFound)).Text("detail").ShouldBe(NotFound);
        await server.PostAsync(Limits, """{"name": "database", "limit": 1}""", HttpStatusCode.Created);
    }

    [Fact]
    public async Task Filter_PageByPage_IsInTheOrderOfTheNames()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var name in new[] { "b", "tag:x", "a", "c" })
        {
            await server.PostAsync(Limits, $$"""{"name": "{{name}}", "limit": 1}""", HttpStatusCode.Created);
        }

        Names(await server.PostAsync(Limits + "filter", null)).ShouldBe(["a", "b", "c", "tag:x"]);
        Names(await server.PostAsync(Limits + "filter", """{"limit": 2, "offset": 1}""")).ShouldBe(["b", "c"]);
        await server.PostAsync(Limits + "filter", """{"limit": 201}""", HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Renew_LeaseOfAClient_IsGoneOnceItHasExpired()
    {
        await using var server = await ApiServer.StartAsync();
        await server.LimitDeploymentAsync(1);
        var run = (
            await server.Runs.CreateAsync(
                new FlowRunCreate
                {
                    FlowId = server.Remote.Id,
                    DeploymentId = server.Registered.Id,
                    State = ProposedStates.Scheduled(),
                }
            )
        ).Run;
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"/api/flow_runs/{run.Id}/set_state", UriKind.Relative))
        {
            Content = new StringContent("""{"state": {"type": "PENDING"}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "prefect/3.4.11 (API 0.8.4)");
        using var response = await server.Http.SendAsync(request);
        JsonNode? answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        var renew = $"{Limits}leases/{answer!["state"]!["state_details"]!.Text("deployment_concurrency_lease_id")}/renew";

        server.Time.Advance(TimeSpan.FromMinutes(4));
        await server.PostAsync(renew, null, HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromMinutes(4));
        await server.PostAsync(renew, """{"lease_duration": 60}""", HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        (await server.PostAsync(renew, """{"lease_duration": 60}""", HttpStatusCode.Gone))
            .Text("detail")
            .ShouldBe("Lease not found - it may have expired or been revoked");
        (await server.PostAsync(renew, """{"lease_duration": 59}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("greater_than_equal", "body.lease_duration")]);
        await server.PostAsync($"{Limits}leases/{Guid.NewGuid()}/renew", null, HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Deployment_WithLimit_ShowsIt()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}";

        await server.PatchAsync(
            path,
            """{"concurrency_limit": 2, "concurrency_options": {"collision_strategy": "CANCEL_NEW", "grace_period_seconds": 90}}""",
            HttpStatusCode.NoContent
        );
        await server.BeginAsync((await server.ScheduleAsync()).Id);

        var deployment = await server.GetAsync("/api/deployments/name/hello/default");
        var limit = deployment!["global_concurrency_limit"].ShouldNotBeNull();
        limit.Text("name").ShouldBe($"deployment:{server.Registered.Id}");
        limit["limit"]!.GetValue<int>().ShouldBe(2);
        limit["active_slots"]!.GetValue<int>().ShouldBe(1);
        deployment["concurrency_limit"].ShouldBeNull();
        deployment["concurrency_options"].Text("collision_strategy").ShouldBe("CANCEL_NEW");
        (await server.PostAsync("/api/deployments/filter", null))![0]!["global_concurrency_limit"]!["limit"]!.GetValue<int>().ShouldBe(2);

        await server.PatchAsync(path, """{"concurrency_limit": null, "concurrency_options": null}""", HttpStatusCode.NoContent);
        deployment = await server.GetAsync("/api/deployments/name/hello/default");
        deployment!["global_concurrency_limit"].ShouldBeNull();
        deployment["concurrency_options"].ShouldBeNull();
    }

    [Fact]
    public async Task Deployment_CancelRunning_IsShownToPrefectClientsAsOneThatTheyKnow()
    {
        await using var server = await ApiServer.StartAsync();
        await server.PatchAsync(
            $"/api/deployments/{server.Registered.Id}",
            """{"concurrency_limit": 1, "concurrency_options": {"collision_strategy": "CANCEL_RUNNING", "grace_period_seconds": 90}}""",
            HttpStatusCode.NoContent
        );
        (await ReadAsync("curl/8.5.0")).ShouldBe(("CANCEL_RUNNING", 90));
        (await ReadAsync("prefect/3.4.11 (API 0.8.4)")).ShouldBe(("ENQUEUE", 90));

        async Task<(string?, int)> ReadAsync(string client)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/api/deployments/{server.Registered.Id}", UriKind.Relative));
            request.Headers.TryAddWithoutValidation("User-Agent", client);
            using var response = await server.Http.SendAsync(request);
            var options = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["concurrency_options"]!;
            return (options.Text("collision_strategy"), options["grace_period_seconds"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Deployment_LimitOutOfBounds_IsRefused()
    {
        await using var server = await ApiServer.StartAsync();
        var path = $"/api/deployments/{server.Registered.Id}";

        (await server.PatchAsync(path, """{"concurrency_limit": -1}""", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("greater_than_equal", "body.concurrency_limit")]);
        (
            await server.PatchAsync(
                path,
                """{"concurrency_options": {"collision_strategy": "ENQUEUE", "grace_period_seconds": 86401}}""",
                HttpStatusCode.UnprocessableEntity
            )
        )
            .Errors()
            .ShouldBe([("less_than_equal", "body.concurrency_options.grace_period_seconds")]);
        (await server.PatchAsync($"/api/deployments/{Guid.NewGuid()}", """{"concurrency_limit": 1}""", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Deployment not found");
    }

    private static async Task<int> ActiveSlotsAsync(TestServer server, string name) =>
        (await server.GetAsync(Limits + name))!["active_slots"]!.GetValue<int>();

    private static IEnumerable<string> Names(JsonNode? page) => page!.AsArray().Select(limit => limit.Text("name"));
}
