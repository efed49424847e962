using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Artifacts;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Server.Tests.Runs;

namespace Serverless.Server.Tests.Artifacts;

/// <param name="columns">Whether the store keeps columns.</param>
public abstract class ArtifactQueriesTests(bool columns)
{
    /// <summary>
    /// Artifacts come, change and go between the pages of a list, and so do the runs that made them: each page is of what is there, and
    /// each collection shows the latest artifact of its key.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Filter_AnyChangeBetweenPages_IsThePageOfTheArtifactsAsTheyAre(int seed)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        World world = new(server, new Random(seed));
        await world.PopulateAsync();
        for (var question = 0; question < 60; question++)
        {
            var query = world.Any.Artifacts();
            for (var offset = 0; offset <= world.Artifacts.Count; offset += query.Limit!.Value)
            {
                await world.ChangeAsync();
                await ShouldBeAsync(world, query with { Offset = offset });
            }

            var collections = world.Any.Collections();
            for (var offset = 0; offset <= AnyArtifactFilters.Keys.Length; offset += collections.Limit!.Value)
            {
                await world.ChangeAsync();
                await ShouldBeAsync(world, collections with { Offset = offset });
            }
        }
    }

    private static async Task ShouldBeAsync(World world, ArtifactQuery query)
    {
        var matching = world
            .Artifacts.Where(each => (query.Artifacts?.Matches(each.Artifact) ?? true) && world.MatchesRuns(query, each.Artifact))
            .Select(each => each.Artifact)
            .Order(query.Sort.Comparer())
            .ToList();
        var queries = world.Server.Get<ArtifactQueries>();
        (await queries.FilterAsync(query))
            .Select(Shown)
            .ShouldBe(matching.Skip(query.Offset).Take(query.Limit!.Value).Select(Shown), query.ToString());
        (await queries.CountAsync(query)).ShouldBe(matching.Count, query.ToString());
    }

    private static async Task ShouldBeAsync(World world, ArtifactCollectionQuery query)
    {
        var latest = world
            .Artifacts.Where(each => each.Artifact.Key is not null)
            .GroupBy(each => each.Artifact.Key!)
            .Select(key => key.OrderBy(each => each.Created).ThenBy(each => each.Id).Last())
            .ToList();
        var matching = latest
            .Where(each => (query.Artifacts?.Matches(each.Artifact) ?? true) && world.MatchesRuns(query, each.Artifact))
            .Select(ArtifactCollections.Of)
            .Order(query.Sort.CollectionComparer())
            .ToList();
        var queries = world.Server.Get<ArtifactQueries>();
        (await queries.FilterAsync(query))
            .Select(Shown)
            .ShouldBe(matching.Skip(query.Offset).Take(query.Limit!.Value).Select(Shown), query.ToString());
        (await queries.CountAsync(query)).ShouldBe(matching.Count, query.ToString());
        foreach (var key in AnyArtifactFilters.Keys)
        {
            (await world.Server.Get<ArtifactService>().GetLatestAsync(key))?.Id.ShouldBe(
                latest.SingleOrDefault(each => each.Artifact.Key == key)?.Id ?? Guid.Empty
            );
        }
    }

    private static string Shown<T>(T item) => JsonSerializer.Serialize(item);

    /// <summary>What is stored, read one by one after each change.</summary>
    private sealed class World(TestServer server, Random random)
    {
        private readonly List<Artifact> _all = [];
        private readonly List<FlowRun> _runs = [];
        private readonly List<TaskRun> _taskRuns = [];
        private Dictionary<Guid, Flow> _flows = [];
        private Dictionary<Guid, Deployment> _deployments = [];

        public TestServer Server => server;

        public List<StoredArtifact> Artifacts { get; private set; } = [];

        public AnyArtifactFilters Any => new(random, _all, _taskRuns, new AnyFilters(random, _runs, _flows.Values, _deployments.Values));

        public async Task PopulateAsync()
        {
            _flows = (await server.Get<FlowQueries>().FilterAsync(new FlowQuery())).ToDictionary(flow => flow.Id);
            _deployments = (await server.Get<DeploymentQueries>().FilterAsync(new DeploymentQuery())).ToDictionary(each => each.Id);
            for (var index = 0; index < 6; index++)
            {
                await AddRunAsync(index % 2 == 0);
            }

            for (var index = 0; index < 20; index++)
            {
                await CreateAsync();
            }

            await RefreshAsync();
        }

        public async Task ChangeAsync()
        {
            server.Time.Advance(TimeSpan.FromSeconds(random.Next(2)));
            var one = _all[random.Next(_all.Count)];
            var service = server.Get<ArtifactService>();
            switch (random.Next(16))
            {
                case < 5:
                    await CreateAsync();
                    break;
                case < 8:
                    ArtifactUpdate update = new() { Data = JsonElement.Parse($"{random.Next(99)}"), Description = $"{random.Next(9)}" };
                    (await service.UpdateAsync(one.Id, update)).ShouldBeTrue();
                    break;
                case < 13 when _all.Count > 10:
                    // Often the newest, which is the latest of its key.
                    var id = random.Next(2) == 0 ? one.Id : _all.MaxBy(each => each.Created)!.Id;
                    (await service.DeleteAsync(id)).ShouldBeTrue();
                    break;
                case 13:
                    var changed = _runs[random.Next(_runs.Count)];
                    (await server.Get<RunEdits>().UpdateAsync(changed.Id, new FlowRunUpdate { Tags = ["even"] })).ShouldBeTrue();
                    break;
                case 14 when _runs.Count > 4:
                    var gone = _runs[random.Next(_runs.Count)].Id;
                    (await server.Runs.DeleteAsync(gone)).ShouldBeTrue();
                    if (random.Next(2) == 0)
                    {
                        await server.Runs.PurgeAsync(gone);
                    }

                    break;
                default:
                    await AddRunAsync(random.Next(2) == 0);
                    break;
            }

            await RefreshAsync();
        }

        public bool MatchesRuns(RunFilters query, Artifact artifact) =>
            (
                query.TaskRuns is not { } taskRuns
                || _taskRuns.Find(run => run.Id == artifact.TaskRunId) is { } taskRun && taskRuns.Matches(taskRun)
            )
            && (
                query is { Flows: null, FlowRuns: null, Deployments: null }
                || _runs.Find(run => run.Id == artifact.FlowRunId) is { } run && MatchesRun(query, run)
            );

        private bool MatchesRun(RunFilters query, FlowRun run) =>
            (query.FlowRuns?.Matches(run) ?? true)
            && (query.Flows?.Matches(_flows[run.FlowId], _deployments.Values.Any(each => each.FlowId == run.FlowId)) ?? true)
            && (
                query.Deployments is null
                || run.DeploymentId is { } id && query.Deployments.Matches(_deployments[id], _flows[_deployments[id].FlowId].Name)
            );

        private async Task AddRunAsync(bool isRegistered)
        {
            var run = isRegistered ? await server.CreateRunningAsync() : await server.CreateRemoteAsync(ProposedStates.Completed());
            _runs.Add(run);
            if (isRegistered)
            {
                var start = TestServer.StartOf(run.Id, random.Next(3));
                await server.Gate.BeginTaskRunAsync(start);
                _taskRuns.Add((await server.TaskRuns.GetAsync(start.TaskRunId)).ShouldNotBeNull());
            }
        }

        private async Task CreateAsync()
        {
            var run = random.Next(4) == 0 ? null : _runs[random.Next(_runs.Count)];
            _all.Add(
                await server
                    .Get<ArtifactService>()
                    .CreateAsync(
                        new ArtifactCreate
                        {
                            Key = random.Next(4) == 0 ? null : AnyArtifactFilters.Keys[random.Next(AnyArtifactFilters.Keys.Length)],
                            Type = random.Next(4) == 0 ? null : AnyArtifactFilters.Types[random.Next(AnyArtifactFilters.Types.Length)],
                            Data = JsonElement.Parse($"{random.Next(99)}"),
                            FlowRunId = run?.Id ?? (random.Next(2) == 0 ? null : Guid.NewGuid()),
                            TaskRunId = random.Next(3) == 0 ? null : _taskRuns.Find(each => each.FlowRunId == run?.Id)?.Id,
                        }
                    )
            );
        }

        private async Task RefreshAsync()
        {
            await ReadAsync(_runs, run => server.Runs.GetAsync(run.Id));
            await ReadAsync(_taskRuns, run => server.TaskRuns.GetAsync(run.Id));
            await ReadAsync(_all, artifact => server.Get<ArtifactService>().GetAsync(artifact.Id));
            List<StoredArtifact> stored = [];
            foreach (var artifact in _all)
            {
                var facts = StoredArtifact.From((await server.Store.GetAsync(ArtifactKeys.Facts(artifact.Id))).ShouldNotBeNull());
                stored.Add(facts with { Artifact = artifact });
            }

            Artifacts = stored;
        }

        private static async Task ReadAsync<T>(List<T> items, Func<T, Task<T?>> read)
            where T : class
        {
            var found = (await Task.WhenAll(items.Select(read))).OfType<T>().ToList();
            items.Clear();
            items.AddRange(found);
        }
    }
}
