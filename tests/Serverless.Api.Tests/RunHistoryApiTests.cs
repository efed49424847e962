using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;

namespace Serverless.Api.Tests;

public sealed class RunHistoryApiTests : IAsyncLifetime
{
    private const string FlowRuns = "/api/flow_runs/history";
    private const string TaskRuns = "/api/task_runs/history";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task FlowRunHistory_CountsByIntervalAndState()
    {
        var start = server.Time.GetUtcNow();
        await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(59));
        await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await server.CreateRemoteAsync(ProposedStates.Running());
        server.Time.Advance(TimeSpan.FromSeconds(5));

        var history = await PostAsync(FlowRuns, start, start.AddSeconds(180));

        history
            .Select(interval => (Time(interval, "interval_start"), Time(interval, "interval_end")))
            .ShouldBe([
                (start, start.AddSeconds(60)),
                (start.AddSeconds(60), start.AddSeconds(120)),
                (start.AddSeconds(120), start.AddSeconds(180)),
            ]);
        history[0]!["states"]!
            .ToJsonString()
            .ShouldBe(
                """[{"state_type":"PENDING","state_name":"Pending","count_runs":2,"sum_estimated_run_time":0,"sum_estimated_lateness":71}]"""
            );
        history[1]!["states"]!
            .ToJsonString()
            .ShouldBe(
                """[{"state_type":"RUNNING","state_name":"Running","count_runs":1,"sum_estimated_run_time":5,"sum_estimated_lateness":0}]"""
            );
        history[2]!["states"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task FlowRunHistory_Filters_CountWhatTheyMatch()
    {
        var start = server.Time.GetUtcNow();
        await server.CreateRemoteAsync();
        await server.CreateRegisteredAsync();

        var history = await PostAsync(FlowRuns, start, start.AddSeconds(60), """ "flows": {"name": {"any_": ["remote"]}}, "unknown": 1""");
        var queues = await PostAsync(FlowRuns, start, start.AddSeconds(60), """ "work_queues": {"name": {"any_": ["q"]}} """);

        history[0]!["states"]![0]!["count_runs"]!.GetValue<int>().ShouldBe(1);
        queues[0]!["states"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task TaskRunHistory_CountsTaskRuns()
    {
        var run = await server.CreateRunningAsync();
        var start = server.Time.GetUtcNow();
        var begun = await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id));
        begun!.TaskRun.ShouldNotBeNull();

        var history = await PostAsync(TaskRuns, start, start.AddSeconds(60));

        history[0]!["states"]![0]!["state_type"]!.GetValue<string>().ShouldBe("RUNNING");
        history[0]!["states"]![0]!["count_runs"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData(FlowRuns)]
    [InlineData(TaskRuns)]
    public async Task History_Invalid_SaysWhatAndWhere(string path)
    {
        (await server.PostAsync(path, "{}", HttpStatusCode.UnprocessableEntity))
            .Errors()
            .ShouldBe([("missing", "body.history_start"), ("missing", "body.history_end"), ("missing", "body.history_interval_seconds")]);
        const string Short =
            """{"history_start": "2026-01-01T00:00:00Z", "history_end": "2026-01-02T00:00:00Z", "history_interval_seconds": 0.9}""";
        (await server.PostAsync(path, Short, HttpStatusCode.UnprocessableEntity))
            .Text("detail")
            .ShouldBe("History interval must not be less than 1 second.");
    }

    [Fact]
    public async Task Lateness_IsTheAverage_AndNullForNoRuns()
    {
        (await server.PostAsync("/api/flow_runs/lateness", "{}")).ShouldBeNull();
        await server.CreateRemoteAsync();
        await server.CreateRemoteAsync(ProposedStates.Running());
        server.Time.Advance(TimeSpan.FromSeconds(3));

        (await server.PostAsync("/api/flow_runs/lateness", null))!.GetValue<double>().ShouldBe(1.5);
    }

    private async Task<JsonArray> PostAsync(string path, DateTimeOffset start, DateTimeOffset end, string? filters = null) =>
        (
            await server.PostAsync(
                path,
                $$"""
                {"history_start": "{{start:O}}", "history_end": "{{end:O}}", "history_interval_seconds": 60{{(
                    filters is null ? "" : "," + filters
                )}} }
                """
            )
        )!.AsArray();

    private static DateTimeOffset Time(JsonNode? interval, string name) =>
        DateTimeOffset.Parse(interval.Text(name), CultureInfo.InvariantCulture);
}
