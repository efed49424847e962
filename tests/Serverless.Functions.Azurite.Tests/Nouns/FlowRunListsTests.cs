using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Functions.Tests.Fixtures;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Server.Tests.Runs;

namespace Serverless.Functions.Tests.Nouns;

/// <summary>Lists, counts and histories of runs on Azure Tables, where the service looks at a part of the filters.</summary>
public sealed class FlowRunListsTests
{
    private const int Runs = 24;

    [Fact]
    public async Task Filter_AnyFieldsSortsAndPages_AreWhatTheFiltersMean()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var all = await PopulateAsync(app);
        var flows = (await app.Get<FlowQueries>().FilterAsync(new FlowQuery())).ToDictionary(flow => flow.Id);
        var deployments = (await app.Get<DeploymentQueries>().FilterAsync(new DeploymentQuery())).ToDictionary(each => each.Id);
        var seed = Random.Shared.Next();
        AnyFilters any = new(new Random(seed), all, flows.Values, deployments.Values);
        for (var question = 0; question < 60; question++)
        {
            var query = any.Query();
            Guid[] expected = [.. all.Where(Wanted).Order(query.Sort.Comparer()).Select(run => run.Id)];

            (await app.Runs.FilterAsync(query))
                .Select(run => run.Id)
                .ShouldBe(expected.Skip(query.Offset).Take(query.Limit!.Value), $"{query} of {seed}");
            (await app.Runs.CountAsync(query)).ShouldBe(expected.Length, $"{query} of {seed}");

            bool Wanted(FlowRun run) =>
                (query.FlowRuns?.Matches(run) ?? true)
                && (query.Flows?.Matches(flows[run.FlowId], deployments.Values.Any(each => each.FlowId == run.FlowId)) ?? true)
                && (
                    query.Deployments is null
                    || (run.DeploymentId is { } id && query.Deployments.Matches(deployments[id], flows[deployments[id].FlowId].Name))
                );
        }
    }

    [Fact]
    public async Task Histories_AndCounts_AreThoseOfTheRuns()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var all = await PopulateAsync(app);
        var start = all.Min(run => run.ExpectedStartTime!.Value);
        var end = all.Max(run => run.ExpectedStartTime!.Value);
        var body = $$"""{"history_start": "{{start:O}}", "history_end": "{{end:O}}", "history_interval_seconds": 300, """;

        var flowRuns = await app.PostAsync("/flow_runs/history", body + """ "flow_runs": {"tags": {"all_": ["even"]}}}""");
        var taskRuns = await app.PostAsync("/task_runs/history", body + """ "flow_runs": {"tags": {"all_": ["even"]}}}""");

        Expect(flowRuns, [.. all.Where(run => run.Tags.Contains("even") && run.ExpectedStartTime < end).Select(run => run.StateType)]);
        Expect(taskRuns, []);
        var next = await app.PostAsync("/ui/flows/next-runs", $$"""{"flow_ids": ["{{all[0].FlowId}}", "{{all[1].FlowId}}"]}""");
        foreach (var flow in (Guid[])[all[0].FlowId, all[1].FlowId])
        {
            next![$"{flow}"]!["next_scheduled_start_time"]!
                .GetValue<DateTimeOffset>()
                .ShouldBe(all.Where(run => run.FlowId == flow).Min(run => run.NextScheduledStartTime)!.Value);
        }

        static void Expect(System.Text.Json.Nodes.JsonNode? history, List<StateType?> types) =>
            history!
                .AsArray()
                .SelectMany(interval => interval!["states"]!.AsArray())
                .GroupBy(state => state.Text("state_type"), state => (int)state!["count_runs"]!)
                .ToDictionary(group => group.Key, group => group.Sum())
                .OrderBy(each => each.Key)
                .ShouldBe(
                    types
                        .GroupBy(type => $"{type}".ToUpperInvariant())
                        .Select(group => KeyValuePair.Create(group.Key, group.Count()))
                        .OrderBy(each => each.Key)
                );
    }

    [Fact]
    public async Task Pause_ManyLateRunsOfARemoteClient_AllGo()
    {
        await using var app = await EmbeddedApp.StartAsync();
        var flow = (await app.Get<FlowService>().CreateAsync(new FlowCreate { Name = "remote" })).Flow;
        var deployment = (
            await app.PostAsync(
                "/deployments/",
                $$"""{"name": "d", "flow_id": "{{flow.Id}}", "schedules": [{"schedule": {"interval": 60}, "active": true}]}""",
                201
            )
        ).Text("id");

        // An hour of runs that nobody has begun, while the clock of the server has gone on.
        await app.Get<Server.Deployments.Scheduling.DeploymentScheduler>().RunAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));
        var filter = $$"""{"deployments": {"id": {"any_": ["{{deployment}}"]} } }""";
        int.Parse((await app.PostAsync("/flow_runs/count", filter))!.ToString(), null).ShouldBeGreaterThan(55);
        await app.PostAsync($"/deployments/{deployment}/pause_deployment", "{}", 200);
        await app.Get<Server.Deployments.Scheduling.DeploymentScheduler>().RunAsync();

        (await app.PostAsync("/flow_runs/count", filter))!.ToString().ShouldBe("0");
    }

    private static async Task<List<FlowRun>> PopulateAsync(EmbeddedApp app)
    {
        ProposedState[] states = [ProposedStates.Pending(), ProposedStates.Running(), ProposedStates.Completed(), ProposedStates.Failed()];
        FlowCreate[] flows = [new() { Name = "remote" }, new() { Name = "other" }];
        var deployment = (await app.Get<DeploymentService>().GetAsync(Scripts.Plain, "default"))!;
        List<Guid> flowIds = [];
        foreach (var flow in flows)
        {
            flowIds.Add((await app.Get<FlowService>().CreateAsync(flow)).Flow.Id);
        }

        List<FlowRun> runs = [];
        for (var index = 0; index < Runs; index++)
        {
            // Some share the instant of their expected start.
            app.Clock.Advance(TimeSpan.FromMinutes(index % 3));
            FlowRunCreate create = new()
            {
                FlowId = flowIds[index % 2],
                State =
                    index % 5 == 4
                        ? ProposedStates.Scheduled(app.Clock.GetUtcNow().AddMinutes(Runs - index))
                        : states[index / 2 % states.Length],
                Tags = [index % 2 == 0 ? "even" : "odd", .. index % 3 == 0 ? (string[])["third"] : []],
            };
            var run = (await app.Runs.CreateAsync(create)).Run;
            if (index % 6 == 0)
            {
                // What lists tell of it changes without a state.
                await app.SendAsync(
                    "PATCH",
                    $"/flow_runs/{run.Id}",
                    """{"name": "renamed", "tags": ["even", "none"], "flow_version": "2"}""",
                    204
                );
            }

            runs.Add((await app.Runs.GetAsync(run.Id)).ShouldNotBeNull());
        }

        // Another runs ahead of its time in the flow of this app: of a deployment.
        var ofDeployment = await app.CreateAsync(Scripts.Plain, "never", TimeSpan.FromDays(1));
        deployment.Id.ShouldBe((await app.GetAsync(ofDeployment)).DeploymentId!.Value);
        runs.Add((await app.Runs.GetAsync(ofDeployment)).ShouldNotBeNull());
        return runs;
    }
}
