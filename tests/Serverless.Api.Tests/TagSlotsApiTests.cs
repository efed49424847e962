using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Serverless.Api.Tests;

/// <summary>Slots that clients take for task runs, by tags.</summary>
public sealed class TagSlotsApiTests : IAsyncLifetime
{
    private const string Limits = "/api/concurrency_limits/";

    private readonly Guid run = Guid.NewGuid();
    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        await server.PostAsync(Limits, """{"tag": "db", "concurrency_limit": 1}""", HttpStatusCode.Created);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Increment_ThenDecrement_TakesAndReleasesTheSlot()
    {
        var taken = await server.PostAsync(Limits + "increment", Body(run, "db", "none"));

        taken!.AsArray().ShouldHaveSingleItem()!.Text("name").ShouldBe("db");
        (await HoldersAsync()).ShouldBe([run]);

        var released = await server.PostAsync(Limits + "decrement", Body(run, "db", "none"));

        released!.AsArray().ShouldHaveSingleItem()!.Text("name").ShouldBe("tag:db");
        (await HoldersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Increment_Again_TakesNoOtherSlot()
    {
        await server.PostAsync(Limits + "increment", Body(run, "db"));
        (await server.PostAsync(Limits + "increment", Body(run, "db")))!.AsArray().ShouldHaveSingleItem();
        (await HoldersAsync()).ShouldBe([run]);

        await server.PostAsync(Limits + "decrement", Body(run, "db"));
        await server.PostAsync(Limits + "increment", Body(run, "db"));
        (await HoldersAsync()).ShouldBe([run]);
    }

    [Fact]
    public async Task Increment_NoSlotLeft_IsLocked()
    {
        await server.PostAsync(Limits + "increment", Body(run, "db"));

        (await LockedAsync(Body(Guid.NewGuid(), "db"))).ShouldBe(("Concurrency limit for the db tag has been reached", "10"));
        await server.PostAsync(Limits + "decrement", Body(Guid.NewGuid(), "db"));
        (await HoldersAsync()).ShouldBe([run]);
    }

    [Fact]
    public async Task Increment_ALimitOfNone_IsLockedForEver()
    {
        await server.PostAsync(Limits, """{"tag": "off", "concurrency_limit": 0}""", HttpStatusCode.Created);

        (await LockedAsync(Body(run, "db", "off"))).ShouldBe(
            ("The concurrency limit on tag \"off\" is 0 and will deadlock if the task tries to run again.", null)
        );
        (await HoldersAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("increment")]
    [InlineData("decrement")]
    public async Task Body_Incomplete_IsRefused(string operation) =>
        await server.PostAsync(Limits + operation, """{"names": ["db"]}""", HttpStatusCode.UnprocessableEntity);

    private static string Body(Guid taskRunId, params string[] tags) =>
        new JsonObject
        {
            ["names"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]),
            ["task_run_id"] = taskRunId.ToString(),
        }.ToJsonString();

    private async Task<IEnumerable<Guid>> HoldersAsync() =>
        (await server.GetAsync(Limits + "tag/db"))!["active_slots"]!.AsArray().Select(id => id!.GetValue<Guid>());

    private async Task<(string Detail, string? RetryAfter)> LockedAsync(string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri(Limits + "increment", UriKind.Relative), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.Locked);
        return (
            JsonNode.Parse(await answer.Content.ReadAsStringAsync()).Text("detail"),
            answer.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null
        );
    }
}
