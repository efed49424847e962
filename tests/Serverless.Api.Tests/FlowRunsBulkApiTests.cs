using System.Net;
using System.Text.Json.Nodes;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Api.Tests;

public sealed class FlowRunsBulkApiTests : IAsyncLifetime
{
    private const string Path = "/api/flow_runs/bulk_set_state";

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task BulkSetState_JudgesEachRunByItself()
    {
        var pending = await server.CreateRemoteAsync();
        var completed = await server.CreateRemoteAsync(ProposedStates.Completed());
        var other = await server.CreateRemoteAsync();

        var results = await SetAsync($$"""{{Filter(pending, completed)}}, "state": {"type": "CANCELLING", "message": "enough"}""");

        results.Count.ShouldBe(2);
        results[1]!.ToJsonString().ShouldStartWith($$"""{"flow_run_id":"{{pending.Id}}","status":"ACCEPT","state":{"id":""");
        (results[1]!["state"]!.Text("message"), results[1]!["details"]!.Text("type")).ShouldBe(("enough", "accept_details"));
        (results[0].Text("flow_run_id"), results[0].Text("status"), results[0]!["state"]!.Text("type")).ShouldBe(
            (completed.Id.ToString(), "ABORT", "COMPLETED")
        );
        results[0]!["details"]!.Text("reason").ShouldBe("Run is already in terminal state COMPLETED.");
        (await server.Runs.GetAsync(other.Id))!.StateType.ShouldBe(StateType.Pending);
    }

    [Fact]
    public async Task BulkSetState_Forced_PassesTheRules()
    {
        var completed = await server.CreateRemoteAsync(ProposedStates.Completed());
        var cancelling = await server.CreateRemoteAsync(ProposedStates.Cancelling());

        var results = await SetAsync($$"""{{Filter(completed, cancelling)}}, "state": {"type": "RUNNING"}, "force": true""");

        results.Select(result => result.Text("status")).ShouldBe(["ACCEPT", "ACCEPT"]);
        results.Select(result => result!["state"]!.Text("type")).ShouldBe(["RUNNING", "RUNNING"]);
    }

    [Fact]
    public async Task BulkSetState_Limit_TakesTheNewest()
    {
        List<FlowRun> runs = [];
        for (var i = 0; i < 5; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(1));
            runs.Add(await server.CreateRemoteAsync());
        }

        var results = await SetAsync(""" "state": {"type": "CANCELLED"}, "limit": 3""");

        results
            .Select(result => result.Text("flow_run_id"))
            .ShouldBe(runs.AsEnumerable().Reverse().Take(3).Select(run => run.Id.ToString()));
    }

    [Fact]
    public async Task BulkSetState_NothingMatches_AnswersWithNoResults() =>
        (await SetAsync(""" "flow_runs": {"name": {"any_": ["nobody"]}}, "state": {"type": "CANCELLED"}""")).ShouldBeEmpty();

    [Fact]
    public async Task BulkSetState_OneRunFails_GoesOnWithTheOthers()
    {
        var first = await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await server.CreateRemoteAsync();
        server.Store.Once(RunKeys.Runs, () => throw new RowStoreUnavailableException("The store is away."));

        var results = await SetAsync($$"""{{Filter(first, second)}}, "state": {"type": "CANCELLED"}""");

        results[0]!
            .ToJsonString()
            .ShouldBe(
                $$$"""{"flow_run_id":"{{{second.Id}}}","status":"ABORT","state":null,"details":{"type":"abort_details","reason":"The store is away."}}"""
            );
        (results[1].Text("flow_run_id"), results[1].Text("status")).ShouldBe((first.Id.ToString(), "ACCEPT"));
    }

    [Fact]
    public async Task BulkSetState_RunDeletedMeanwhile_IsAborted()
    {
        var first = await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await server.CreateRemoteAsync();
        server.Store.Once(RunKeys.Runs, () => server.Runs.DeleteAsync(first.Id));

        var results = await SetAsync($$"""{{Filter(first, second)}}, "state": {"type": "CANCELLED"}""");

        results.Select(result => result.Text("status")).ShouldBe(["ACCEPT", "ABORT"]);
        results[1]!["details"]!.Text("reason").ShouldBe($"Flow run with id {first.Id} not found");
    }

    [Theory]
    [InlineData("""{}""", "missing", "body.state")]
    [InlineData("""{"state": {"type": "CANCELLED"}, "limit": 0}""", "greater_than_equal", "body.limit")]
    [InlineData("""{"state": {"type": "CANCELLED"}, "limit": 51}""", "less_than_equal", "body.limit")]
    [InlineData("""{"state": {"type": "CANCELLED"}, "flow_runs": {"names": {}}}""", "extra_forbidden", "body.flow_runs.names")]
    public async Task BulkSetState_Invalid_SaysWhatAndWhere(string body, string type, string location) =>
        (await server.PostAsync(Path, body, HttpStatusCode.UnprocessableEntity)).Errors().ShouldBe([(type, location)]);

    private static string Filter(params IEnumerable<FlowRun> runs) =>
        $$""" "flow_runs": {"id": {"any_": [{{string.Join(", ", runs.Select(run => $"\"{run.Id}\""))}}]} } """;

    private async Task<JsonArray> SetAsync(string members) => (await server.PostAsync(Path, $"{{{members}}}"))!["results"]!.AsArray();
}
