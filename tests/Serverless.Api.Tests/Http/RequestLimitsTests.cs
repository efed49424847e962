using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.States;
using Serverless.Core.Validation;
using Serverless.Server.Queries;

namespace Serverless.Api.Tests.Http;

/// <summary>What one request, or many at once, may take of the memory of all.</summary>
public sealed class RequestLimitsTests
{
    [Theory]
    [InlineData("flows/", """{"name": "@"}""", "string_too_long", "body.name")]
    [InlineData("flows/", """{"name": "f", "tags": ["a", "@"]}""", "string_too_long", "body.tags.1")]
    [InlineData("flow_runs/", """{"flow_id": "$flow", "name": "@"}""", "string_too_long", "body.name")]
    [InlineData("flow_runs/", """{"flow_id": "$flow", "idempotency_key": "@"}""", "string_too_long", "body.idempotency_key")]
    [InlineData("flow_runs/", """{"flow_id": "$flow", "labels": {"@": 1}}""", "string_too_long", "body.labels.")]
    [InlineData("flow_runs/", """{"flow_id": "$flow", "state": {"type": "PENDING", "name": "@"}}""", "string_too_long", "body.state.name")]
    [InlineData(
        "flow_runs/",
        """{"flow_id": "$flow", "state": {"type": "PENDING", "state_details": {"pause_key": "@"}}}""",
        "string_too_long",
        "body.state.state_details.pause_key"
    )]
    [InlineData("task_runs/", """{"task_key": "@", "dynamic_key": "0"}""", "string_too_long", "body.task_key")]
    [InlineData(
        "task_runs/",
        """{"task_key": "t", "dynamic_key": "0", "task_inputs": {"x": [{"input_type": "constant", "type": "@"}]}}""",
        "string_too_long",
        "body.task_inputs.x.0.type"
    )]
    [InlineData("v2/concurrency_limits/", """{"name": "@", "limit": 1}""", "string_too_long", "body.name")]
    [InlineData("concurrency_limits/", """{"tag": "@", "concurrency_limit": 1}""", "string_too_long", "body.tag")]
    [InlineData("flow_runs/filter", """{"flow_runs": {"tags": {"all_": ["@"]}}}""", "string_too_long", "body.flow_runs.tags.all_.0")]
    [InlineData("logs/filter", """{"logs": {"text": {"query": "@"}}}""", "string_too_long", "body.logs.text.query")]
    public async Task AnyText_BeyondItsLength_IsUnprocessable(string path, string body, string type, string place)
    {
        await using var server = await ApiServer.StartAsync();
        var filled = body.Replace("$flow", server.Remote.Id.ToString());

        var answer = await server.PostAsync(
            $"/api/{path}",
            filled.Replace("@", new string('ü', BodyRules.LongestText + 1)),
            HttpStatusCode.UnprocessableEntity
        );

        var error = answer.Errors().ShouldHaveSingleItem();
        error.Type.ShouldBe(type);
        error.Location.ShouldStartWith(place);
        var longest = path == "logs/filter" ? 200 : BodyRules.LongestText;
        await server
            .Http.PostAsync(
                new Uri($"/api/{path}", UriKind.Relative),
                new StringContent(filled.Replace("@", new string('ü', longest)), Encoding.UTF8, "application/json")
            )
            .ContinueWith(task => ((int)task.Result.StatusCode).ShouldBeLessThan(300), TaskScheduler.Default);
    }

    [Fact]
    public async Task Tags_BeyondTheirNumber_AreUnprocessable()
    {
        await using var server = await ApiServer.StartAsync();
        var tags = JsonSerializer.Serialize(Enumerable.Range(0, WireLimits.Tags + 1).Select(tag => $"tag{tag}"));

        (
            await server.PostAsync(
                "/api/flow_runs/",
                $$"""{"flow_id": "{{server.Remote.Id}}", "tags": {{tags}} }""",
                HttpStatusCode.UnprocessableEntity
            )
        )
            .Errors()
            .ShouldBe([("too_long", "body.tags")]);
    }

    /// <summary>A run must be able to end, whatever it has to say.</summary>
    [Fact]
    public async Task Message_BeyondItsLength_IsCutAndSaysSo()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();
        string message = new('m', 300_000);

        var answer = await server.PostAsync(
            $"/api/flow_runs/{run.Id}/set_state",
            $$"""{"state": {"type": "FAILED", "message": "{{message}}"}, "force": true}""",
            HttpStatusCode.Created
        );

        var kept = answer!["state"]!.Text("message");
        kept.Length.ShouldBe(ProposedState.MaxMessage);
        kept.ShouldEndWith("… (cut: 300000 characters)");
    }

    [Theory]
    [InlineData("""{"flow_id": "@"}""", 1)]
    [InlineData("""{"flow_id": 1, "context": "@"}""", 2)]
    [InlineData("""{"flow_id": {"x": "@"}}""", 1)]
    [InlineData("""{"@": 1, "flow_id": "01900000-0000-7000-8000-000000000001"}""", 1)]
    [InlineData("""{"flow_id": "01900000-0000-7000-8000-000000000001", "tags": [#], "name": "@"}""", 2)]
    [InlineData("""{"flow_id": "01900000-0000-7000-8000-000000000001", %}""", 100)]
    public async Task Errors_OfALargeBody_DoNotRepeatIt(string body, int errors)
    {
        await using var server = await ApiServer.StartAsync();
        var large = body.Replace("@", new string('x', 1_000_000))
            .Replace("#", string.Join(',', Enumerable.Repeat("1", 100_000)))
            .Replace("%", string.Join(',', Enumerable.Range(0, 50_000).Select(name => $"\"unknown{name}\": 1")));

        var answer = await server.PostAsync("/api/flow_runs/", large, HttpStatusCode.UnprocessableEntity);

        answer.Errors().Length.ShouldBe(errors);
        answer!.ToJsonString().Length.ShouldBeLessThan(100_000);
    }

    [Fact]
    public async Task Bodies_BeyondTheMemoryOfAll_AreToBeRepeated()
    {
        RequestMemory memory = new(4_000_000);
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(memory));
        var body = Encoding.UTF8.GetBytes($$"""{"flow_id": "{{server.Remote.Id}}", "context": {"x": "{{new string('x', 600_000)}}"} }""");

        using (var alone = await server.PostChunkedAsync("/api/flow_runs/", body))
        {
            alone.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        using (var others = memory.Open())
        {
            others.Take(3_000_000);
            using var refused = await server.PostChunkedAsync("/api/flow_runs/", body);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            await server.PostAsync("/api/flow_runs/", $$"""{"flow_id": "{{server.Remote.Id}}"}""", HttpStatusCode.Created);
        }

        using var again = await server.PostChunkedAsync("/api/flow_runs/", body);
        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        await memory.ShouldHoldAsync(0);
    }

    /// <summary>A body of short values takes many times its length.</summary>
    [Fact]
    public async Task Bodies_OfManyValues_CountByTheirNumber()
    {
        RequestMemory memory = new(4_000_000);
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(memory));
        string Body(string value, int count) =>
            $$"""{"flow_id": "{{server.Remote.Id}}", "context": {"x": [{{string.Join(',', Enumerable.Repeat(value, count))}}]} }""";

        await server.PostAsync("/api/flow_runs/", Body("1", 100_000), HttpStatusCode.ServiceUnavailable);
        await memory.ShouldHoldAsync(0);
        await server.PostAsync("/api/flow_runs/", Body("1234567890", 20_000), HttpStatusCode.Created);
        await memory.ShouldHoldAsync(0);
    }

    [Theory]
    [InlineData("EXPECTED_START_TIME_DESC")]
    [InlineData("START_TIME_DESC")]
    public async Task Page_OfLargeRows_SaysHowManyFit(string sort)
    {
        await using var server = await ApiServer.StartAsync();
        var large = JsonSerializer.Serialize(new string('x', 1_900_000));
        for (var count = 0; count < 20; count++)
        {
            await server.PostAsync(
                "/api/flow_runs/",
                $$"""{"flow_id": "{{server.Remote.Id}}", "context": {"x": {{large}} } }""",
                HttpStatusCode.Created
            );
        }

        var one = (await server.Runs.FilterAsync(new() { Limit = 1 }))[0];
        RowSize.Of(one).ShouldBeInRange(1_900_000, 1_910_000);
        var refused = (
            await server.PostAsync("/api/flow_runs/filter", $$"""{"sort": "{{sort}}"}""", HttpStatusCode.UnprocessableEntity)
        ).Text("detail");

        var fit = (int)(Page.MaxBytes / 1_900_000);
        refused.ShouldEndWith($"must be less than or equal to {fit}.");
        (await server.PostAsync("/api/flow_runs/filter", $$"""{"sort": "{{sort}}", "limit": {{fit}} }"""))!.AsArray().Count.ShouldBe(fit);
        (await server.PostAsync("/api/flow_runs/filter", $$"""{"sort": "{{sort}}", "limit": {{fit}}, "offset": {{fit}} }"""))!
            .AsArray()
            .Count.ShouldBe(20 - fit);
    }
}
