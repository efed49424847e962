using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Api.Http.Binding;
using Serverless.Server.Queries;

namespace Serverless.Api.Tests.Http;

/// <summary>The rows of answers count in the memory of requests, until they are sent.</summary>
public sealed class AnswerMemoryTests
{
    [Theory]
    [InlineData("/api/flow_runs/filter", """{"sort": "EXPECTED_START_TIME_DESC"}""")]
    [InlineData("/api/flow_runs/filter", """{"sort": "START_TIME_DESC"}""")]
    [InlineData("/api/flow_run_states/?flow_run_id=", null)]
    public async Task Lists_BeyondTheMemoryOfAll_AreToBeRepeated(string path, string? body)
    {
        RequestMemory memory = new(8_000_000);
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(memory));
        var run = await CreateAsync(server, $"\"{new string('x', 700_000)}\"");
        await SetStateAsync(server, run, 700_000);
        var url = body is null ? path + run : path;

        using (var others = memory.Open())
        {
            others.Take(7_000_000);
            using var refused = await SendAsync(server, url, body);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            await memory.ShouldHoldAsync(7_000_000);
        }

        using var answered = await SendAsync(server, url, body);
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        await memory.ShouldHoldAsync(0);
    }

    /// <summary>Coming again does not help a page that does not fit alone.</summary>
    [Theory]
    [InlineData("EXPECTED_START_TIME_DESC")]
    [InlineData("START_TIME_DESC")]
    public async Task Page_BeyondTheMemoryOfAllByItself_SaysHowManyFit(string sort)
    {
        RequestMemory memory = new(4_200_000);
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton(memory));
        for (var count = 0; count < 6; count++)
        {
            // 70,000 numbers are 140,000 characters, and take some 1.1 million bytes.
            await CreateAsync(server, $"[{string.Join(',', Enumerable.Repeat("1", 70_000))}]");
        }

        var refused = (
            await server.PostAsync("/api/flow_runs/filter", $$"""{"sort": "{{sort}}"}""", HttpStatusCode.UnprocessableEntity)
        ).Text("detail");

        refused.ShouldEndWith("an answer may use at most 4200000 bytes of memory: must be less than or equal to 3.");
        (await server.PostAsync("/api/flow_runs/filter", $$"""{"sort": "{{sort}}", "limit": 3, "offset": 0}"""))!
            .AsArray()
            .Count.ShouldBe(3);
        await memory.ShouldHoldAsync(0);
    }

    [Fact]
    public async Task States_LargerThanAnAnswer_AreRefusedWithTheReason()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await CreateAsync(server, "1");
        for (var count = 0; count < 18; count++)
        {
            await SetStateAsync(server, run, 1_900_000);
        }

        using var refused = await SendAsync(server, $"/api/flow_run_states/?flow_run_id={run}", null);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("The states of this run are too large to list");
        var last = (await server.Runs.GetAsync(run))!.StateId!.Value;
        using var one = await SendAsync(server, $"/api/flow_run_states/{last}", null);
        one.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Take_AfterDispose_CountsNothing()
    {
        RequestMemory memory = new(100);
        var lease = AnswerMemory.Open(memory);
        AnswerMemory.Take(60, fit: 0);
        memory.Held.ShouldBe(60);
        AnswerMemory.Give(20);
        memory.Held.ShouldBe(40);

        lease.Dispose();
        AnswerMemory.Take(60, fit: 0);
        AnswerMemory.Give(20);
        memory.Held.ShouldBe(0);
    }

    private static async Task<Guid> CreateAsync(TestServer server, string value)
    {
        var created = await server.PostAsync(
            "/api/flow_runs/",
            $$"""{"flow_id": "{{server.Remote.Id}}", "context": {"x": {{value}} } }""",
            HttpStatusCode.Created
        );
        return created!["id"]!.GetValue<Guid>();
    }

    private static async Task SetStateAsync(TestServer server, Guid run, int length) =>
        await server.PostAsync(
            $"/api/flow_runs/{run}/set_state",
            $$$"""{"state": {"type": "RUNNING", "data": "{{{new string('x', length)}}}"}, "force": true}""",
            HttpStatusCode.Created
        );

    private static Task<HttpResponseMessage> SendAsync(TestServer server, string path, string? body) =>
        body is null ? server.Http.GetAsync(path) : server.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
}
