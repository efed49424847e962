using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Api.Http;
using Serverless.Api.Http.Binding;
using Serverless.Core.Json;
using Serverless.Core.Models;
using Serverless.Server;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Api.Tests.Http;

/// <summary>
/// Values that are refused, or that have to be shown again once they were taken, in every place that takes a value of any form.
/// </summary>
public sealed class HostileBodyTests
{
    /// <summary>Operations, and a body of each: <c>@</c> stands for the value.</summary>
    public static TheoryData<string, string, string> Places { get; } =
        new()
        {
            { "flow_runs/", """{"flow_id": "$flow", "parameters": {"x": @} }""", "body.parameters.x" },
            { "flow_runs/", """{"flow_id": "$flow", "context": {"x": @} }""", "body.context.x" },
            { "flow_runs/", """{"flow_id": "$flow", "labels": {"x": @} }""", "body.labels.x" },
            { "flow_runs/", """{"flow_id": "$flow", "job_variables": {"x": @} }""", "body.job_variables.x" },
            { "flow_runs/", """{"flow_id": "$flow", "state": {"type": "PENDING", "data": @} }""", "body.state.data" },
            {
                "deployments/$deployment/create_flow_run",
                """{"enforce_parameter_schema": false, "parameters": {"x": @} }""",
                "body.parameters.x"
            },
            { "deployments/$deployment/create_flow_run", """{"parameters": {"count": 1}, "context": {"x": @} }""", "body.context.x" },
            { "flow_runs/$run/set_state", """{"state": {"type": "RUNNING", "data": @} }""", "body.state.data" },
            { "flow_runs/bulk_set_state", """{"state": {"type": "RUNNING", "data": @} }""", "body.state.data" },
            { "flow_runs/$run/resume", """{"run_input": {"x": @} }""", "body.run_input.x" },
            { "flow_runs/$run/cancel", """{"unknown": @}""", "body.unknown" },
            { "task_runs/", """{"flow_run_id": "$run", "task_key": "t", "dynamic_key": "0", "labels": {"x": @} }""", "body.labels.x" },
            {
                "task_runs/",
                """{"flow_run_id": "$run", "task_key": "t", "dynamic_key": "0", "state": {"type": "PENDING", "data": @} }""",
                "body.state.data"
            },
            { "flows/", """{"name": "f", "labels": {"x": @} }""", "body.labels.x" },
            { "flow_runs/filter", """{"unknown": @}""", "body.unknown" },
        };

    /// <summary>Members with a number, of every body that has one.</summary>
    public static TheoryData<string, string, string> Numbers { get; } =
        new()
        {
            { "flow_runs/$run/pause", """{"timeout_seconds": @}""", "body.timeout_seconds" },
            { "flow_runs/$run/suspend", """{"timeout_seconds": @}""", "body.timeout_seconds" },
            { "flow_runs/", """{"flow_id": "$flow", "empirical_policy": {"retry_delay": @} }""", "body.empirical_policy.retry_delay" },
            {
                "flow_runs/",
                """{"flow_id": "$flow", "state": {"type": "SCHEDULED", "state_details": {"scheduled_time": @} } }""",
                "body.state.state_details.scheduled_time"
            },
            {
                "task_runs/",
                """{"task_key": "t", "dynamic_key": "0", "empirical_policy": {"retry_jitter_factor": @} }""",
                "body.empirical_policy.retry_jitter_factor"
            },
            {
                "task_runs/",
                """{"task_key": "t", "dynamic_key": "0", "empirical_policy": {"retry_delay": [1, @]} }""",
                "body.empirical_policy.retry_delay.1"
            },
            { "v2/concurrency_limits/", """{"name": "l", "limit": @}""", "body.limit" },
            { "v2/concurrency_limits/leases/$run/renew", """{"lease_duration": @}""", "body.lease_duration" },
            { "concurrency_limits/", """{"tag": "l", "concurrency_limit": @}""", "body.concurrency_limit" },
            { "flow_runs/filter", """{"limit": @}""", "body.limit" },
            { "logs/filter", """{"offset": @}""", "body.offset" },
        };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task AnyPlace_NestedToTheLimit_IsShownAloneAndInLists(string path, string body, string place)
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();
        var outer = body[..body.IndexOf('@')]
            .Sum(c =>
                c switch
                {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                }
            );

        var status = await PostAsync(server, path, body, Nested(JsonScan.MaxDepth - outer), run.Id);
        var refused = await PostAsync(
            server,
            path,
            body,
            Nested(JsonScan.MaxDepth - outer + 1),
            run.Id,
            HttpStatusCode.UnprocessableEntity
        );

        ((int)status).ShouldBeLessThan(300);
        refused.Errors().ShouldHaveSingleItem().Location.ShouldStartWith(place);
        foreach (var list in (string[])["flow_runs", "task_runs", "flows", "deployments"])
        {
            foreach (var item in (await server.PostAsync($"/api/{list}/filter", "{}"))!.AsArray())
            {
                await server.GetAsync($"/api/{list}/{item.Text("id")}");
            }
        }

        await server.GetAsync($"/api/flow_run_states/?flow_run_id={run.Id}");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task AnyPlace_OfWhatCannotBeKept_IsUnprocessable(string path, string body, string place)
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        foreach (
            (var value, var type) in ((string, string)[])
                [("\"a\\ud800b\"", "string_unicode"), ("\"a\u00ffb\"", "string_unicode"), ("1e400", "finite_number")]
        )
        {
            var answer = await PostAsync(server, path, body, value, run.Id, HttpStatusCode.UnprocessableEntity);

            answer.Errors().ShouldBe([(type, place)]);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task AnyNumber_OutOfRange_IsUnprocessable(string path, string body, string place)
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();

        (await PostAsync(server, path, body, "-1e400", run.Id, HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("finite_number", place)]);
    }

    [Fact]
    public async Task AnyAddress_OfAnyScript_IsTaken()
    {
        await using var server = await ApiServer.StartAsync();
        var flow = await server.PostAsync("/api/flows/", """{"name": "grüße 😀 100 percent"}""", HttpStatusCode.Created);

        (await server.GetAsync("/api/flows/name/gr%C3%BC%C3%9Fe%20%F0%9F%98%80%20100%20percent")).Text("id").ShouldBe(flow.Text("id"));
    }

    /// <summary>As rows can be from before there was a limit.</summary>
    [Fact]
    public async Task StoredRun_NestedBeyondTheLimit_IsShown()
    {
        await using var server = await ApiServer.StartAsync();
        var run = await server.CreateRemoteAsync();
        var row = (await server.Store.GetAsync(RunKeys.FlowRun(run.Id))).ShouldNotBeNull();
        var deep = Nested(62);
        var document = JsonNode.Parse(row.Properties.GetBytes(RowDocs.Property))!;
        document["parameters"] = JsonNode.Parse(
            $$"""{"x": {{deep}} }""",
            documentOptions: new JsonDocumentOptions { MaxDepth = JsonDepth.Max }
        );
        RowProperties changed = [];
        foreach ((var name, var value) in row.Properties.Where(property => property.Key != RowDocs.Property))
        {
            changed.Add(name, value);
        }

        changed.Add(RowDocs.Property, Encoding.UTF8.GetBytes(document.ToJsonString(WireJson.Options)));
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Replace(RunKeys.FlowRun(run.Id), changed, row.ETag)));

        (await server.GetAsync($"/api/flow_runs/{run.Id}"))!["parameters"]!["x"]!.ToJsonString(WireJson.Options).ShouldBe(deep);
        (await server.PostAsync("/api/flow_runs/filter", "{}"))!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AnyText_InAnAnswer_StandsAsItIs()
    {
        await using var server = await ApiServer.StartAsync();
        using var created = await server.PostChunkedAsync(
            "/api/flows/",
            """{"name": "it's \"+\" é 😀", "labels": {"k": "<&>\u2028\u007f\u0001\t\\"}}"""u8.ToArray()
        );

        var text = await created.Content.ReadAsStringAsync();

        text.ShouldContain(
            """
            "name":"it's \"+\" é 😀"
            """
        );
        text.ShouldContain("\"k\":\"<&>\u2028\u007f\\u0001\\t\\\\\"");
        created.Content.Headers.ContentType!.ToString().ShouldStartWith("application/json");
        created.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static async Task<HttpStatusCode> PostAsync(TestServer server, string path, string body, string value, Guid run)
    {
        using var response = await server.PostChunkedAsync(Fill(server, $"/api/{path}", run), Bytes(server, body, value, run));
        return response.StatusCode;
    }

    private static Task<JsonNode?> PostAsync(
        TestServer server,
        string path,
        string body,
        string value,
        Guid run,
        HttpStatusCode expected
    ) => server.PostBytesAsync(Fill(server, $"/api/{path}", run), Bytes(server, body, value, run), expected);

    private static byte[] Bytes(TestServer server, string body, string value, Guid run) =>
        Encoding.Latin1.GetBytes(Fill(server, body.Replace("@", value), run));

    private static string Fill(TestServer server, string text, Guid run) =>
        text.Replace("$flow", server.Remote.Id.ToString())
            .Replace("$deployment", server.Registered.Id.ToString())
            .Replace("$run", run.ToString());
}
