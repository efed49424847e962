using System.Net;
using System.Text;

namespace Serverless.Api.Tests;

public sealed class LogsDownloadApiTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Download_GivesAllLines_OldestFirst()
    {
        var run = await server.CreateRemoteAsync();
        await server.PatchAsync($"/api/flow_runs/{run.Id}", """{"name": "a b/ü"}""", HttpStatusCode.NoContent);
        var task = Guid.NewGuid();
        await server.PostAsync(
            "/api/logs/",
            $$"""
            [{"name": "n", "level": 30, "message": "second, \"quoted\"\nline", "timestamp": "2026-01-01T00:00:01.5Z", "flow_run_id": "{{run.Id}}", "task_run_id": "{{task}}"},
             {"name": "n", "level": 20, "message": "first ü", "timestamp": "2026-01-01T00:00:00Z", "flow_run_id": "{{run.Id}}"}]
            """,
            HttpStatusCode.Created
        );

        using var response = await server.Http.GetAsync(new Uri($"/api/flow_runs/{run.Id}/logs/download", UriKind.Relative));

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        response
            .Content.Headers.GetValues("Content-Disposition")
            .ShouldBe(["attachment; filename=\"flow-run-logs.csv\"; filename*=UTF-8''a%20b%2F%C3%BC-logs.csv"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            "timestamp,level,flow_run_id,task_run_id,message\r\n"
                + $"2026-01-01 00:00:00+00:00,20,{run.Id},,first ü\r\n"
                + $"2026-01-01 00:00:01.500000+00:00,30,{run.Id},{task},\"second, \"\"quoted\"\"\nline\"\r\n"
        );
    }

    [Fact]
    public async Task Download_MoreLinesThanAPage_GivesThemAll()
    {
        var run = await server.CreateRemoteAsync();
        StringBuilder lines = new("[");
        for (var i = 0; i < 1200; i++)
        {
            lines.Append(i == 0 ? "" : ",");
            lines.Append(
                $$"""{"name": "n", "level": 20, "message": "{{i}}", "timestamp": "2026-01-01T00:00:00Z", "flow_run_id": "{{run.Id}}"}"""
            );
        }

        await server.PostAsync("/api/logs/", lines.Append(']').ToString(), HttpStatusCode.Created);

        var text = await server.Http.GetStringAsync(new Uri($"/api/flow_runs/{run.Id}/logs/download", UriKind.Relative));

        text.Split("\r\n")[1..^1].Select(line => line.Split(',')[^1]).ShouldBe(Enumerable.Range(0, 1200).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Download_NoLines_GivesTheNamesOfTheColumns()
    {
        var run = await server.CreateRemoteAsync();

        (await server.Http.GetStringAsync(new Uri($"/api/flow_runs/{run.Id}/logs/download", UriKind.Relative))).ShouldBe(
            "timestamp,level,flow_run_id,task_run_id,message\r\n"
        );
        (await server.GetAsync($"/api/flow_runs/{Guid.NewGuid()}/logs/download", HttpStatusCode.NotFound))
            .Text("detail")
            .ShouldBe("Flow run not found");
    }
}
