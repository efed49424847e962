using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Api.Tests;

public sealed class FlowRunInputsApiTests : IAsyncLifetime
{
    private TestServer server = null!;
    private FlowRun run = null!;

    public async Task InitializeAsync()
    {
        server = await ApiServer.StartAsync();
        run = await server.CreateRemoteAsync();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Create_ThenRead_GivesTheTextAsItIs()
    {
        (await CreateAsync("k-1", """{"a": "ü\n"}""")).ShouldBeNull();

        using var response = await server.Http.GetAsync(new Uri(Of("/k-1"), UriKind.Relative));

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"a": "ü\n"}""");
    }

    [Fact]
    public async Task Create_KeyThatHasAnInput_IsAConflict()
    {
        await CreateAsync("k", "1");

        (await CreateAsync("k", "2", HttpStatusCode.Conflict)).Text("detail").ShouldBe("A flow run input with this key already exists.");
        (await server.Get<RunInputs>().GetAsync(run.Id, "k")).ShouldBe("1");
    }

    [Fact]
    public async Task Create_TwoAtOnce_OneWins()
    {
        server.Store.Once(RunKeys.Runs, () => CreateAsync("k", "first"));

        await CreateAsync("k", "second", HttpStatusCode.Conflict);

        (await server.Get<RunInputs>().GetAsync(run.Id, "k")).ShouldBe("first");
    }

    [Fact]
    public async Task Create_RunDeletedMeanwhile_IsNotFound_AndWritesNothing()
    {
        server.Store.Once(RunKeys.Runs, () => server.Runs.DeleteAsync(run.Id));

        (await CreateAsync("k", "1", HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow run not found");

        (await server.Store.GetAsync(RunKeys.Input(run.Id, BoundedKey.From("k")))).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"value": "1"}""", "missing", "body.key")]
    [InlineData("""{"key": "k"}""", "missing", "body.value")]
    [InlineData("""{"key": "k", "value": {}}""", "string_type", "body.value")]
    [InlineData("""{"key": "A b", "value": "1"}""", "value_error", "body.key")]
    public async Task Create_Invalid_SaysWhatAndWhere(string body, string type, string location) =>
        (await server.PostAsync(Of(""), body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    [Fact]
    public async Task Filter_GivesTheOldestOfAPrefix()
    {
        foreach (var key in new[] { "b-2", "a-1", "b-1", "b-3" })
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            await CreateAsync(key, $"\"{key}\"", sender: "me");
        }

        var first = await FilterAsync("""{"prefix": "b-"}""");
        var rest = await FilterAsync("""{"prefix": "b-", "limit": 10, "exclude_keys": ["b-2"], "unknown": 1}""");

        first[0]!
            .ToJsonString()
            .ShouldMatch(
                $$"""^\{"id":"[0-9a-f-]{36}","created":"[^"]+Z","updated":"[^"]+Z","flow_run_id":"{{run.Id}}","key":"b-2","value":"\\u0022b-2\\u0022","sender":"me"\}$"""
            );
        first.Count.ShouldBe(1);
        rest.Select(input => input.Text("key")).ShouldBe(["b-1", "b-3"]);
        (await FilterAsync("""{"prefix": "c"}""")).ShouldBeEmpty();
        (await FilterAsync("""{"prefix": "", "limit": 0}""")).ShouldBeEmpty();
        (await server.PostAsync(Of("/filter"), "{}", HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([("missing", "body.prefix")]);
    }

    [Fact]
    public async Task Filter_LongKeys_AreFoundByTheirBeginning()
    {
        var key = new string('k', 900);
        await CreateAsync(key, "1");

        (await FilterAsync($$"""{"prefix": "{{key[..700]}}"}""")).ShouldHaveSingleItem().Text("key").ShouldBe(key);
    }

    [Fact]
    public async Task Filter_TooLarge_IsRefusedWithTheLimitThatFits()
    {
        for (var i = 0; i < 18; i++)
        {
            await CreateAsync($"k-{i}", new string('x', 2_000_000));
        }

        (await server.PostAsync(Of("/filter"), """{"prefix": "k", "limit": 18}""", HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldStartWith("Invalid limit: the rows are large");
        (await FilterAsync("""{"prefix": "k", "limit": 5}""")).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Delete_TakesItAway_AndTheKeyIsFree()
    {
        await CreateAsync("k", "1");

        await server.DeleteAsync(Of("/k"), HttpStatusCode.NoContent);

        (await server.DeleteAsync(Of("/k"), HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow run input not found");
        (await server.GetAsync(Of("/k"), HttpStatusCode.NotFound)).Text("detail").ShouldBe("Flow run input not found");
        await CreateAsync("k", "2");
    }

    [Fact]
    public async Task DeletingTheRun_TakesItsInputsAway()
    {
        await CreateAsync("k", "1");
        await server.Runs.DeleteAsync(run.Id);

        await server.GetAsync(Of("/k"), HttpStatusCode.NotFound);
        (await FilterAsync("""{"prefix": ""}""")).ShouldBeEmpty();
        await server.DeleteAsync(Of("/k"), HttpStatusCode.NotFound);
        await server.Runs.PurgeAsync(run.Id);

        (await server.Store.QueryAsync(RowRange.Partition(RunKeys.Runs, RunKeys.Partition(run.Id)), 10)).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Inputs_OfThisApp_CanBeRead()
    {
        await server.Get<RunInputs>().SetAsync(run.Id, "p-schema", "{}");

        (await FilterAsync("""{"prefix": "p-"}""")).ShouldHaveSingleItem().Text("value").ShouldBe("{}");
    }

    private string Of(string rest) => $"/api/flow_runs/{run.Id}/input{rest}";

    private Task<JsonNode?> CreateAsync(
        string key,
        string value,
        HttpStatusCode expected = HttpStatusCode.Created,
        string? sender = null
    ) =>
        server.PostAsync(
            Of(""),
            new JsonObject
            {
                ["key"] = key,
                ["value"] = value,
                ["sender"] = sender,
            }.ToJsonString(),
            expected
        );

    private async Task<JsonArray> FilterAsync(string body) => (await server.PostAsync(Of("/filter"), body))!.AsArray();
}
