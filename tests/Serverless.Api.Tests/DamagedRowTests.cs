using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Api.Http.Binding;
using Serverless.Core.Models;
using Serverless.Server.Runs;

namespace Serverless.Api.Tests;

/// <summary>One row that cannot be read does not take a list with it.</summary>
public sealed class DamagedRowTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sort": "NAME_ASC"}""")]
    [InlineData("""{"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}""")]
    public async Task FlowRunsFilter_OneRunDamaged_ListsTheOthers(string body)
    {
        await using var server = await ApiServer.StartAsync();
        List<Guid> runs = [];
        for (var i = 0; i < 3; i++)
        {
            var created = await server.PostAsync(
                "/api/flow_runs/",
                $$$"""{"flow_id": "{{{server.Remote.Id}}}", "state": {"type": "SCHEDULED"}}""",
                HttpStatusCode.Created
            );
            runs.Add(Guid.Parse(created.Text("id")));
        }

        server.Store.Damaged.Add(RunKeys.FlowRun(runs[1]));
        var listed = await server.PostAsync("/api/flow_runs/filter", body);

        listed!.AsArray().Select(run => Guid.Parse(run!.Text("id"))).ShouldBe([runs[0], runs[2]], ignoreOrder: true);
        await server.PostAsync("/api/flows/filter", """{"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}""");
    }

    [Fact]
    public async Task FlowRun_ItsRowDamaged_SaysSoAndLogsNoTrace()
    {
        CollectedLogs logs = new();
        await using var server = await ApiServer.StartAsync(services => services.AddSingleton<ILoggerProvider>(logs));
        var run = await server.CreateRemoteAsync();
        server.Store.Damaged.Add(RunKeys.FlowRun(run.Id));

        foreach (
            var path in new[]
            {
                $"/api/flow_runs/{run.Id}",
                $"/api/flow_runs/{run.Id}/result",
                $"/api/flow_run_states/?flow_run_id={run.Id}",
            }
        )
        {
            (await server.GetAsync(path, HttpStatusCode.InternalServerError)).Text("exception_message").ShouldBe("It is damaged.");
        }

        logs.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenFlowRuns_OneRunDamaged_GoesOnWithTheOthersAndKeepsItsIndex()
    {
        await using var server = await ApiServer.StartAsync();
        List<Guid> runs = [];
        for (var i = 0; i < 3; i++)
        {
            var created = await server.PostAsync(
                $"/api/deployments/{server.Registered.Id}/create_flow_run",
                """{"parameters": {"count": 1}}""",
                HttpStatusCode.Created
            );
            runs.Add(Guid.Parse(created.Text("id")));
        }

        server.Store.Damaged.Add(RunKeys.FlowRun(runs[1]));
        (await OpenAsync(server)).ShouldBe([runs[0], runs[2]], ignoreOrder: true);

        server.Store.Damaged.Clear();
        (await OpenAsync(server)).ShouldBe(runs, ignoreOrder: true);
    }

    private static async Task<List<Guid>> OpenAsync(TestServer server)
    {
        List<Guid> ids = [];
        await foreach (var open in server.Get<OpenFlowRuns>().ReadAsync())
        {
            ids.Add(open.Run.Id);
        }

        return ids;
    }
}
