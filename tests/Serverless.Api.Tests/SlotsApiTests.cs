using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

public sealed class SlotsApiTests : IAsyncLifetime
{
    private const string Limits = "/api/v2/concurrency_limits/";

    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"name": "db", "limit": 2}""", HttpStatusCode.Created);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Increment_ThenDecrement_AnswersTheLimitsThatThereAre()
    {
        var taken = await server.PostAsync(Limits + "increment", """{"slots": 2, "names": ["none", "db"], "create_if_missing": true}""");

        var limit = taken!.AsArray().ShouldHaveSingleItem()!.AsObject();
        limit.Select(member => member.Key).ShouldBe(["id", "name", "limit"]);
        (limit.Text("name"), limit["limit"]!.GetValue<int>()).ShouldBe(("db", 2));
        (await ActiveAsync("db")).ShouldBe(2);
        (await server.GetAsync(Limits + "none", HttpStatusCode.NotFound)).ShouldNotBeNull();

        var released = await server.PostAsync(Limits + "decrement", """{"slots": 1, "names": ["db"], "occupancy_seconds": 3}""");

        released!.AsArray().ShouldHaveSingleItem()!.Text("name").ShouldBe("db");
        (await ActiveAsync("db")).ShouldBe(1);
        (await server.PostAsync(Limits + "decrement", """{"slots": 9, "names": ["db", "none"]}""")).ShouldNotBeNull();
        (await ActiveAsync("db")).ShouldBe(0);
        (await server.PostAsync(Limits + "decrement", """{"slots": 9, "names": ["none"]}"""))!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task IncrementWithLease_ThenDecrementTwice_ReleasesOnce()
    {
        var taken = await server.PostAsync(Limits + "increment-with-lease", """{"slots": 2, "names": ["db"], "lease_duration": 60}""");

        taken!.AsObject().Select(member => member.Key).ShouldBe(["lease_id", "limits"]);
        taken["limits"]!.AsArray().ShouldHaveSingleItem()!.Text("name").ShouldBe("db");
        (await ActiveAsync("db")).ShouldBe(2);
        var lease = $$"""{"lease_id": "{{taken.Text("lease_id")}}"}""";

        // Slots of a lease are not released by number.
        await server.PostAsync(Limits + "decrement", """{"slots": 2, "names": ["db"]}""");
        (await ActiveAsync("db")).ShouldBe(2);

        await server.PostAsync(Limits + "decrement-with-lease", lease, HttpStatusCode.NoContent);
        await server.PostAsync(Limits + "increment", """{"slots": 2, "names": ["db"]}""");
        await server.PostAsync(Limits + "decrement-with-lease", lease, HttpStatusCode.NoContent);
        (await ActiveAsync("db")).ShouldBe(2);
    }

    [Fact]
    public async Task Renew_BeforeAndAfterTheEnd_HoldsAndIsGone()
    {
        var taken = await server.PostAsync(Limits + "increment-with-lease", """{"slots": 1, "names": ["db"], "lease_duration": 60}""");
        var renew = $"{Limits}leases/{taken.Text("lease_id")}/renew";

        server.Time.Advance(TimeSpan.FromSeconds(50));
        await server.PostAsync(renew, """{"lease_duration": 60}""", HttpStatusCode.NoContent);
        server.Time.Advance(TimeSpan.FromSeconds(50));
        (await ActiveAsync("db")).ShouldBe(1);

        server.Time.Advance(TimeSpan.FromSeconds(11));
        (await ActiveAsync("db")).ShouldBe(0);
        (await server.PostAsync(renew, null, HttpStatusCode.Gone))
            .Text("detail")
            .ShouldBe("Lease not found - it may have expired or been revoked");
    }

    [Fact]
    public async Task IncrementWithLease_OfLimitsThatAreNotThere_IsALeaseThatCanBeRenewed()
    {
        var taken = await server.PostAsync(Limits + "increment-with-lease", """{"slots": 1, "names": ["none"]}""");

        taken!["limits"]!.AsArray().ShouldBeEmpty();
        server.Time.Advance(TimeSpan.FromDays(1));
        await server.PostAsync($"{Limits}leases/{taken.Text("lease_id")}/renew", null, HttpStatusCode.NoContent);
        await server.PostAsync(
            Limits + "decrement-with-lease",
            $$"""{"lease_id": "{{taken.Text("lease_id")}}"}""",
            HttpStatusCode.NoContent
        );
    }

    [Theory]
    [InlineData("increment")]
    [InlineData("increment-with-lease")]
    public async Task Increment_NoSlotLeft_IsLockedWithATime(string operation)
    {
        await server.PostAsync(Limits + operation, """{"slots": 2, "names": ["db"]}""");

        (var first, var retryAfter) = await LockedAsync(operation, """{"slots": 1, "names": ["db"]}""");

        first.Text("detail").ShouldBe("Locked");
        retryAfter.ShouldBeInRange(0.3, 1.3);

        // Two seconds for a slot, the requested one and those that were denied lately, over two slots; ten times that, and no more.
        for (var i = 0; i < 50; i++)
        {
            (_, retryAfter) = await LockedAsync(operation, """{"slots": 2, "names": ["db"]}""");
        }

        retryAfter.ShouldBeInRange(10, 39);
        (await ActiveAsync("db")).ShouldBe(2);
    }

    [Theory]
    [InlineData("increment")]
    [InlineData("increment-with-lease")]
    public async Task Increment_RateLimit_DecaysAndSaysWhen(string operation)
    {
        await server.PostAsync(Limits, """{"name": "rate", "limit": 2, "slot_decay_per_second": 0.1}""", HttpStatusCode.Created);
        const string Two = """{"slots": 1, "names": ["rate"], "mode": "rate_limit"}""";
        await server.PostAsync(Limits + operation, Two);
        await server.PostAsync(Limits + operation, Two);

        (_, var retryAfter) = await LockedAsync(operation, Two);
        retryAfter.ShouldBeInRange(3, 13);

        server.Time.Advance(TimeSpan.FromSeconds(10));
        (await ActiveAsync("rate")).ShouldBe(1);
        await server.PostAsync(Limits + operation, Two);
        await LockedAsync(operation, Two);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        (await ActiveAsync("rate")).ShouldBe(0);
    }

    [Fact]
    public async Task Increment_AsARateLimitWithoutDecay_IsRefused()
    {
        await server.PostAsync(Limits, """{"name": "other", "limit": 2}""", HttpStatusCode.Created);

        var refused = await server.PostAsync(
            Limits + "increment",
            """{"slots": 1, "names": ["db", "other"], "mode": "rate_limit"}""",
            HttpStatusCode.UnprocessableEntity
        );

        refused
            .Text("detail")
            .ShouldBe(
                "Only concurrency limits with slot decay can be used for rate limiting. "
                    + "The following limits do not have a decay configured: 'db,other'"
            );
    }

    [Fact]
    public async Task Increment_MoreThanThereAre_IsRefused() =>
        (await server.PostAsync(Limits + "increment", """{"slots": 3, "names": ["db"]}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("Slots requested is greater than the limit");

    [Fact]
    public async Task Increment_OfAnInactiveLimit_TakesNothing()
    {
        await server.PostAsync(Limits, """{"name": "off", "limit": 1, "active": false}""", HttpStatusCode.Created);

        (await server.PostAsync(Limits + "increment", """{"slots": 5, "names": ["off"]}"""))!.AsArray().ShouldHaveSingleItem();

        (await ActiveAsync("off")).ShouldBe(0);
    }

    [Fact]
    public async Task Increment_OneOfTwoIsFull_TakesOfNone()
    {
        await server.PostAsync(Limits, """{"name": "small", "limit": 1}""", HttpStatusCode.Created);
        await server.PostAsync(Limits + "increment", """{"slots": 1, "names": ["small"]}""");

        await LockedAsync("increment", """{"slots": 1, "names": ["db", "small"]}""");

        (await ActiveAsync("db")).ShouldBe(0);
        (await ActiveAsync("small")).ShouldBe(1);
    }

    [Fact]
    public async Task Update_ActiveSlots_ReleasesWhatHasNoLease()
    {
        await server.PostAsync(Limits + "increment", """{"slots": 1, "names": ["db"]}""");
        await server.PostAsync(Limits + "increment-with-lease", """{"slots": 1, "names": ["db"]}""");

        await server.PatchAsync(Limits + "db", """{"active_slots": 0}""", HttpStatusCode.NoContent);

        (await ActiveAsync("db")).ShouldBe(1);
    }

    [Theory]
    [InlineData("increment", """{"slots": 0, "names": ["db"]}""", "slots", "greater_than")]
    [InlineData("increment", """{"names": ["db"]}""", "slots", "missing")]
    [InlineData("increment", """{"slots": 1}""", "names", "missing")]
    [InlineData("increment", """{"slots": 1, "names": ["db"], "mode": "x"}""", "mode", "enum")]
    [InlineData("increment-with-lease", """{"slots": 1, "names": ["db"], "lease_duration": 59}""", "lease_duration", "greater_than_equal")]
    [InlineData("increment-with-lease", """{"slots": 1, "names": ["db"], "lease_duration": 86401}""", "lease_duration", "less_than_equal")]
    [InlineData("decrement", """{"slots": 1, "names": ["db"], "occupancy_seconds": 0}""", "occupancy_seconds", "greater_than")]
    [InlineData("decrement-with-lease", "{}", "lease_id", "missing")]
    public async Task Body_OutOfBounds_IsRefused(string operation, string body, string member, string kind)
    {
        var errors = (await server.PostAsync(Limits + operation, body, HttpStatusCode.UnprocessableEntity))!["detail"]!.AsArray();

        var error = errors.ShouldHaveSingleItem()!;
        (error.Text("type"), error["loc"]!.AsArray()[^1]!.GetValue<string>()).ShouldBe((kind, member));
    }

    [Theory]
    [InlineData("""{"type": "worker", "id": "01900000-0000-7000-8000-0000000000dd"}""")]
    [InlineData("""{"type": "flow_run"}""")]
    [InlineData("""{"type": "task_run", "id": "01900000-0000-7000-8000-0000000000dd", "extra": 1}""")]
    public async Task IncrementWithLease_WrongHolder_IsRefused(string holder) =>
        await server.PostAsync(
            Limits + "increment-with-lease",
            $$"""{"slots": 1, "names": ["db"], "holder": {{holder}} }""",
            HttpStatusCode.UnprocessableEntity
        );

    [Fact]
    public async Task Body_NullsAndUnknownMembers_AreTheDefaults()
    {
        await server.PostAsync(
            Limits + "increment-with-lease",
            """{"slots": 1, "names": ["db", "db"], "mode": null, "lease_duration": null, "holder": null, "other": 1}"""
        );
        await server.PostAsync(Limits + "increment", """{"slots": 1, "names": ["db"], "mode": null, "create_if_missing": null, "x": 1}""");
        await server.PostAsync(Limits + "decrement", """{"slots": 1, "names": [], "occupancy_seconds": null, "create_if_missing": null}""");

        (await ActiveAsync("db")).ShouldBe(2);
    }

    private async Task<int> ActiveAsync(string name) => (await server.GetAsync(Limits + name))!["active_slots"]!.GetValue<int>();

    private async Task<(JsonNode? Body, double RetryAfter)> LockedAsync(string operation, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri(Limits + operation, UriKind.Relative), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.Locked);
        return (
            JsonNode.Parse(await answer.Content.ReadAsStringAsync()),
            double.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture)
        );
    }
}
