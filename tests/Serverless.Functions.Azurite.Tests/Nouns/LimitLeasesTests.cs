using Serverless.Functions.Tests.Fixtures;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Concurrency limits with leases on Azure Tables.</summary>
public sealed class LimitLeasesTests
{
    private const string Limits = "/v2/concurrency_limits/";

    [Fact]
    public async Task Lease_FromStartToEnd_HoldsItsSlotsAndNoLonger()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var id = (await app.PostAsync(Limits, """{"name": "db", "limit": 2}""", 201)).Text("id");
        await app.PostAsync(Limits, """{"name": "db", "limit": 3}""", 409);
        await app.PostAsync(Limits, """{"name": "api", "limit": 1}""", 201);
        const string both = """{"slots": 1, "names": ["db", "api"], "lease_duration": 60}""";

        var lease = (await app.PostAsync(Limits + "increment-with-lease", both)).Text("lease_id");
        (await ActiveAsync("db"), await ActiveAsync("api")).ShouldBe((1, 1));

        // Of two limits one is full: a slot of neither is taken.
        await app.PostAsync(Limits + "increment-with-lease", both, 423);
        (await ActiveAsync("db"), await ActiveAsync("api")).ShouldBe((1, 1));
        await app.PostAsync(Limits + "increment", """{"slots": 1, "names": ["db"]}""");
        (await ActiveAsync("db")).ShouldBe(2);
        await app.PostAsync(Limits + "decrement", """{"slots": 1, "names": ["db"]}""");

        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await app.PostAsync($"{Limits}leases/{lease}/renew", """{"lease_duration": 60}""", 204);
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        (await ActiveAsync("db"), await ActiveAsync("api")).ShouldBe((1, 1));
        app.Clock.Advance(TimeSpan.FromSeconds(11));
        (await ActiveAsync("db"), await ActiveAsync("api")).ShouldBe((0, 0));
        await app.PostAsync($"{Limits}leases/{lease}/renew", """{"lease_duration": 60}""", 410);

        lease = (await app.PostAsync(Limits + "increment-with-lease", both)).Text("lease_id");
        await app.PostAsync(Limits + "decrement-with-lease", $$"""{"lease_id": "{{lease}}"}""", 204);
        (await ActiveAsync("db"), await ActiveAsync("api")).ShouldBe((0, 0));
        await app.SendAsync("PATCH", Limits + id, """{"limit": 1, "name": "database"}""", 204);
        (await app.PostAsync(Limits + "filter", "{}")).Texts("name").ShouldBe(["api", "database"]);
        await app.SendAsync("DELETE", Limits + "database", null, 204);
        await app.GetAsync(Limits + id, 404);

        async Task<int> ActiveAsync(string name) => (int)(await app.GetAsync(Limits + name))!["active_slots"]!;
    }

    [Fact]
    public async Task Increments_AtOnce_TakeNoMoreThanThereAre()
    {
        await using var app = await EmbeddedApp.StartAsync();
        await app.PostAsync(Limits, """{"name": "db", "limit": 3}""", 201);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryTakeAsync()));

        taken.Count(took => took).ShouldBe(3);
        ((int)(await app.GetAsync(Limits + "db"))!["active_slots"]!).ShouldBe(3);

        async Task<bool> TryTakeAsync()
        {
            try
            {
                await app.PostAsync(Limits + "increment-with-lease", """{"slots": 1, "names": ["db"], "lease_duration": 60}""");
                return true;
            }
            catch (ShouldAssertException refused) when (refused.Message.Contains("423", StringComparison.Ordinal))
            {
                return false;
            }
        }
    }
}
