using FsCheck;
using FsCheck.Fluent;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <param name="columns">Whether the store keeps columns.</param>
public abstract class FlowRunQueriesTests(bool columns)
{
    [Fact]
    public async Task Filter_EverySortAndPage_IsTheSortedWhole()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var all = await PopulateAsync(server, 40);

        foreach (var sort in Enum.GetValues<FlowRunSort>())
        {
            Guid[] expected = [.. all.Order(sort.Comparer()).Select(run => run.Id)];
            IEnumerable<Guid> paged = [];
            for (var offset = 0; offset < all.Count; offset += 7)
            {
                paged =
                [
                    .. paged,
                    .. (
                        await server.Runs.FilterAsync(
                            new FlowRunQuery
                            {
                                Sort = sort,
                                Offset = offset,
                                Limit = 7,
                            }
                        )
                    ).Select(run => run.Id),
                ];
            }

            paged.ShouldBe(expected, $"{sort}");
        }
    }

    [Fact]
    public async Task FilterAndCount_AnyFilter_AgreeWithThePredicateOverAllRuns()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var all = await PopulateAsync(server, 40);
        var filters =
            from op in Gen.Elements(Operator.And, Operator.Or)
            from types in Optional(Gen.SubListOf(Enum.GetValues<StateType>()))
            from deployments in Optional(Gen.SubListOf(server.Registered.Id, server.Remote.Id))
            from tags in Optional(Gen.SubListOf("even", "odd", "third"))
            from ids in Gen.Frequency(
                (4, Gen.Constant<IReadOnlyList<Guid>?>(null)),
                (1, Gen.SubListOf(all.Select(run => run.Id)).Select(list => (IReadOnlyList<Guid>?)[.. list]))
            )
            select new FlowRunFilter
            {
                Operator = op,
                State = types is null ? null : new StateFilter { Type = new StateTypeFilter { Any = types } },
                DeploymentId = deployments is null ? null : new IdFilter { Any = deployments },
                Tags = tags is null ? null : new TagFilter { Any = tags },
                Id = ids is null ? null : new IdFilter { Any = ids },
            };

        foreach (var filter in filters.Sample(12, 60))
        {
            Guid[] expected =
            [
                .. all.Where(run => filter.Matches(run)).Order(FlowRunSort.ExpectedStartTimeDesc.Comparer()).Select(run => run.Id),
            ];

            (await server.Runs.FilterAsync(new FlowRunQuery { FlowRuns = filter, Sort = FlowRunSort.ExpectedStartTimeDesc }))
                .Select(run => run.Id)
                .ShouldBe(expected, filter.ToString());
            (await server.Runs.CountAsync(new FlowRunQuery { FlowRuns = filter })).ShouldBe(expected.Length, filter.ToString());
        }
    }

    /// <summary>Every field of the filters, nested ones too, in every order, page by page.</summary>
    [Fact]
    public async Task Filter_AnyFieldsSortsAndPages_AreWhatTheFiltersMean()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var all = await PopulateAsync(server, 40);
        var flows = (await server.Get<FlowQueries>().FilterAsync(new FlowQuery())).ToDictionary(flow => flow.Id);
        var deployments = (await server.Get<DeploymentQueries>().FilterAsync(new DeploymentQuery())).ToDictionary(each => each.Id);
        AnyFilters any = new(new Random(7), all, flows.Values, deployments.Values);
        for (var question = 0; question < 250; question++)
        {
            FlowRunQuery query = any.Query();
            Guid[] expected =
            [
                .. all.Where(run => Wanted(query, run, flows, deployments)).Order(query.Sort.Comparer()).Select(run => run.Id),
            ];

            (await server.Runs.FilterAsync(query))
                .Select(run => run.Id)
                .ShouldBe(expected.Skip(query.Offset).Take(query.Limit!.Value), query.ToString());
            (await server.Runs.CountAsync(query)).ShouldBe(expected.Length, query.ToString());
        }
    }

    /// <summary>Pages that follow the last run of the one before, and then pages back, are the list.</summary>
    [Fact]
    public async Task List_BeyondPlaces_IsTheListForwardsAndBackwards()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var all = await PopulateAsync(server, 40);
        var flows = (await server.Get<FlowQueries>().FilterAsync(new FlowQuery())).ToDictionary(flow => flow.Id);
        var deployments = (await server.Get<DeploymentQueries>().FilterAsync(new DeploymentQuery())).ToDictionary(each => each.Id);
        AnyFilters any = new(new Random(11), all, flows.Values, deployments.Values);
        List<FlowRunQuery> questions = [.. Enum.GetValues<FlowRunSort>().Select(sort => new FlowRunQuery { Sort = sort })];
        questions.AddRange(Enumerable.Range(0, 60).Select(_ => any.Query()));
        foreach (var question in questions)
        {
            var query = question with { Offset = 3, Limit = 7 };
            List<FlowRun> expected = [.. all.Where(run => Wanted(query, run, flows, deployments)).Order(query.Sort.Comparer())];
            List<FlowRun> forwards = [.. await server.Get<FlowRunQueries>().ListAsync(query with { Offset = 0 }, default)];
            while (forwards.Count > 0 && await PageAsync(FlowRunPlace.Of(forwards[^1], query.Sort)) is { Count: > 0 } page)
            {
                forwards.AddRange(page);
            }

            forwards.Select(run => run.Id).ShouldBe(expected.Select(run => run.Id), query.ToString());
            if (expected is not [.., var last])
            {
                continue;
            }

            List<FlowRun> backwards = [last];
            while (await PageAsync(FlowRunPlace.Of(backwards[0], query.Sort) with { IsBackwards = true }) is { Count: > 0 } page)
            {
                backwards.InsertRange(0, page);
            }

            backwards.Select(run => run.Id).ShouldBe(expected.Select(run => run.Id), query.ToString());

            Task<IReadOnlyList<FlowRun>> PageAsync(FlowRunPlace beyond) =>
                server.Get<FlowRunQueries>().ListAsync(query, default, beyond: beyond);
        }
    }

    [Fact]
    public async Task Ended_InAnyOrder_TellsOfTheRunsOfTheList()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var all = await PopulateAsync(server, 40);
        FlowRunQuery query = new() { Sort = FlowRunSort.ExpectedStartTimeDesc };
        List<FlowRun> expected = [.. all.Where(run => run.StateType!.Value.IsFinal()).Order(query.Sort.Comparer())];

        var ended = await server.Get<FlowRunQueries>().EndedAsync(query, default);

        ended.Select(run => (run.FlowId, run.Type)).ShouldBe(expected.Select(run => (run.FlowId, run.StateType!.Value)));
        ended.Select(run => run.RunTime).ShouldBe(expected.Select(run => run.TotalRunTime), 0.000_001);
        ended.ShouldNotBeEmpty();
    }

    /// <summary>Runs come, change and go between the pages of a list: each page is that of the runs as they are.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Filter_AnyChangeBetweenPages_IsThePageOfTheRunsAsTheyAre(int seed)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        Random random = new(seed);
        var all = await PopulateAsync(server, 25);
        for (var question = 0; question < 40; question++)
        {
            var query = await QueryAsync();
            for (var offset = 0; offset <= all.Count; offset += query.Limit!.Value)
            {
                await ChangeAsync();
                var (flows, deployments) = await RelatedAsync();
                var page = query with { Offset = offset };
                var matching = all.Where(run => Wanted(query, run, flows, deployments)).Order(query.Sort.Comparer()).ToList();

                (await server.Runs.FilterAsync(page))
                    .Select(run => (run.Id, run.Name, run.StateType, string.Join(',', run.Tags)))
                    .ShouldBe(
                        matching
                            .Skip(offset)
                            .Take(query.Limit!.Value)
                            .Select(run => (run.Id, run.Name, run.StateType, string.Join(',', run.Tags))),
                        page.ToString()
                    );
                (await server.Runs.CountAsync(page)).ShouldBe(matching.Count, page.ToString());
            }
        }

        async Task<FlowRunQuery> QueryAsync()
        {
            var (flows, deployments) = await RelatedAsync();
            return new AnyFilters(random, all, flows.Values, deployments.Values).Query();
        }

        async Task ChangeAsync()
        {
            server.Time.Advance(TimeSpan.FromSeconds(random.Next(3)));
            var run = all[random.Next(all.Count)];
            switch (random.Next(all.Count < 15 ? 4 : 6))
            {
                case 0:
                    all.AddRange(await PopulateAsync(server, random.Next(1, 3)));
                    break;
                case 1:
                    await server
                        .Get<FlowService>()
                        .UpdateAsync(run.FlowId, new FlowUpdate { Tags = random.Next(2) == 0 ? ["sample"] : [] });
                    break;
                case 2:
                    FlowRunUpdate update = new()
                    {
                        Name = $"name-{random.Next(9)}",
                        Tags = random.Next(2) == 0 ? ["third"] : ["odd", "new"],
                    };
                    (await server.Get<RunEdits>().UpdateAsync(run.Id, update)).ShouldBeTrue();
                    break;
                case 3:
                    ProposedState[] states = [ProposedStates.Running(), ProposedStates.Completed(), ProposedStates.Scheduled()];
                    var state = states[random.Next(states.Length)];
                    await server.Gate.ProposeFlowRunStateAsync(run.Id, state, TransitionOrigin.Client, force: true);
                    break;
                default:
                    (await server.Runs.DeleteAsync(run.Id)).ShouldBeTrue();
                    if (random.Next(2) == 0)
                    {
                        await server.Runs.PurgeAsync(run.Id);
                    }

                    break;
            }

            all = (await Task.WhenAll(all.Select(each => server.Runs.GetAsync(each.Id)))).OfType<FlowRun>().ToList();
        }

        async Task<(Dictionary<Guid, Flow> Flows, Dictionary<Guid, Deployment> Deployments)> RelatedAsync() =>
            (
                (await server.Get<FlowQueries>().FilterAsync(new FlowQuery())).ToDictionary(flow => flow.Id),
                (await server.Get<DeploymentQueries>().FilterAsync(new DeploymentQuery())).ToDictionary(each => each.Id)
            );
    }

    /// <summary>Also after runs have ended and were deleted, which changes sums that the store keeps.</summary>
    [Fact]
    public async Task HistoryAndLateness_AnyFiltersAndIntervals_AreWhatTheFiltersMean()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var start = server.Time.GetUtcNow();
        var runs = await PopulateAsync(server, 60);
        server.Time.Advance(TimeSpan.FromMinutes(50));
        foreach (var run in runs.Where((_, index) => index % 3 == 0))
        {
            await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client, force: true);
        }

        foreach (var run in runs.Where((_, index) => index % 7 == 0))
        {
            (await server.Runs.DeleteAsync(run.Id)).ShouldBeTrue();
        }

        server.Time.Advance(TimeSpan.FromMinutes(5));
        var now = server.Time.GetUtcNow();
        var all = (await Task.WhenAll(runs.Select(run => server.Runs.GetAsync(run.Id)))).OfType<FlowRun>().ToList();
        AnyFilters any = new(new Random(11), all, [], []);
        Random random = new(3);
        for (var question = 0; question < 100; question++)
        {
            var filter = random.Next(3) == 0 ? null : any.FlowRuns();
            HistoryQuery query = new()
            {
                FlowRuns = filter,
                HistoryStart = start.AddSeconds(random.Next(-60, 60)),
                HistoryEnd = start.AddMinutes(random.Next(1, 90)),
                HistoryIntervalSeconds = random.Next(1, 900) + random.NextDouble(),
            };
            HistoryCounter expected = new(query);
            var wanted = all.Where(run => filter?.Matches(run) ?? true).Select(run => CountedRun.Of(run, now)).ToList();
            wanted.ForEach(expected.Add);

            var history = await server.Get<RunCounts>().FlowRunHistoryAsync(query);
            var lateness = await server.Get<RunCounts>().AverageLatenessAsync(new RunCountQuery { FlowRuns = filter });

            history.Select(Rounded).ShouldBe(expected.Intervals().Select(Rounded), query.ToString());
            var average = wanted.Count == 0 ? (double?)null : wanted.Average(run => run.Lateness);
            (lateness is { } seconds ? Math.Round(seconds, 3) : lateness).ShouldBe(average is { } mean ? Math.Round(mean, 3) : average);
        }

        static string Rounded(HistoryInterval interval) =>
            $"{interval.IntervalStart:O} {string.Join(", ", interval.States.Select(RoundedState))}";
        static HistoryState RoundedState(HistoryState state) =>
            state with
            {
                SumEstimatedRunTime = Math.Round(state.SumEstimatedRunTime, 3),
                SumEstimatedLateness = Math.Round(state.SumEstimatedLateness, 3),
            };
    }

    [Fact]
    public async Task Filter_ByWhatBelongsToTheRun_FindsIt()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var remote = await server.CreateRemoteAsync();
        var registered = await server.CreateRunningAsync();
        var start = TestServer.StartOf(registered.Id);
        await server.Gate.BeginTaskRunAsync(start);

        await ShouldFindAsync(server, new FlowRunQuery { Flows = new FlowFilter { Name = new TextFilter { Any = ["remote"] } } }, remote);
        await ShouldFindAsync(server, new FlowRunQuery { Flows = new FlowFilter { Name = new TextFilter { Like = "HELL" } } }, registered);
        await ShouldFindAsync(server, new FlowRunQuery { Flows = new FlowFilter { Id = new IdFilter { Any = [remote.FlowId] } } }, remote);
        await ShouldFindAsync(
            server,
            new FlowRunQuery { Deployments = new DeploymentFilter { Name = new TextFilter { Any = ["default"] } } },
            registered
        );
        await ShouldFindAsync(
            server,
            new FlowRunQuery { Deployments = new DeploymentFilter { Id = new IdFilter { Any = [registered.DeploymentId!.Value] } } },
            registered
        );
        await ShouldFindAsync(
            server,
            new FlowRunQuery { TaskRuns = new TaskRunFilter { Id = new IdFilter { Any = [start.TaskRunId] } } },
            registered
        );
        await ShouldFindAsync(
            server,
            new FlowRunQuery { TaskRuns = new TaskRunFilter { Name = new TextFilter { Any = ["task-0"] } } },
            registered
        );
        await ShouldFindAsync(server, new FlowRunQuery { TaskRuns = new TaskRunFilter { Name = new TextFilter { Any = ["other"] } } });
        await ShouldFindAsync(server, new FlowRunQuery { WorkPools = FlowRunServiceTests.Parameters("""{"x": {}}""")["x"] });
    }

    [Fact]
    public async Task Filter_LimitZeroAndOffsetBeyondTheEnd_IsEmpty()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        await server.CreateRemoteAsync();

        (await server.Runs.FilterAsync(new FlowRunQuery { Limit = 0 })).ShouldBeEmpty();
        (await server.Runs.FilterAsync(new FlowRunQuery { Offset = int.MaxValue })).ShouldBeEmpty();
        (await server.Runs.FilterAsync(new FlowRunQuery { Offset = int.MaxValue, Sort = FlowRunSort.NameAsc })).ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenRuns_StartingBeforeATime_ReadsNoLaterOne()
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var now = server.Time.GetUtcNow();
        var soon = await ScheduledAsync(now.AddMinutes(5));
        var running = await server.CreateRunningAsync();
        for (var hours = 1; hours <= 20; hours++)
        {
            await ScheduledAsync(now.AddHours(hours));
        }

        var reads = server.Store.Reads;
        var open = await server.Get<OpenFlowRuns>().ReadAsync(now.AddMinutes(10)).ToListAsync();

        open.Select(run => run.Run.Id).ShouldBe([soon, running.Id], ignoreOrder: true);
        (server.Store.Reads - reads).ShouldBe(columns ? 0 : 2);
        (await server.Get<OpenFlowRuns>().ReadAsync().CountAsync()).ShouldBe(22);

        async Task<Guid> ScheduledAsync(DateTimeOffset time) =>
            (await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Registered.FlowId, State = ProposedStates.Scheduled(time) }))
                .Run
                .Id;
    }

    private static bool Wanted(FlowRunQuery query, FlowRun run, Dictionary<Guid, Flow> flows, Dictionary<Guid, Deployment> deployments) =>
        (query.FlowRuns?.Matches(run) ?? true)
        && (query.Flows?.Matches(flows[run.FlowId], deployments.Values.Any(each => each.FlowId == run.FlowId)) ?? true)
        && (
            query.Deployments is null
            || (run.DeploymentId is { } id && query.Deployments.Matches(deployments[id], flows[deployments[id].FlowId].Name))
        );

    private static async Task ShouldFindAsync(TestServer server, FlowRunQuery query, params FlowRun[] expected)
    {
        (await server.Runs.FilterAsync(query)).Select(run => run.Id).ShouldBe(expected.Select(run => run.Id), query.ToString());
        (await server.Runs.CountAsync(query)).ShouldBe(expected.Length, query.ToString());
    }

    private static async Task<List<FlowRun>> PopulateAsync(TestServer server, int count)
    {
        ProposedState[] states = [ProposedStates.Pending(), ProposedStates.Running(), ProposedStates.Completed(), ProposedStates.Failed()];
        List<FlowRun> runs = [];
        for (var index = 0; index < count; index++)
        {
            // Some share the instant of their expected start.
            server.Time.Advance(TimeSpan.FromSeconds(index % 3));
            var state =
                index % 5 == 4
                    ? ProposedStates.Scheduled(server.Time.GetUtcNow().AddMinutes(count - index))
                    : states[index % states.Length];
            List<string> tags = [index % 2 == 0 ? "even" : "odd"];
            if (index % 3 == 0)
            {
                tags.Add("third");
            }

            var run = (
                await server.Runs.CreateAsync(
                    new FlowRunCreate
                    {
                        FlowId = index % 4 == 0 ? server.Registered.FlowId : server.Remote.Id,
                        DeploymentId = index % 4 == 0 ? server.Registered.Id : null,
                        State = state,
                        Tags = tags,
                    }
                )
            ).Run;
            runs.Add((await server.Runs.GetAsync(run.Id)).ShouldNotBeNull());
        }

        return runs;
    }

    private static Gen<IReadOnlyList<T>?> Optional<T>(Gen<List<T>> lists) =>
        Gen.OneOf(Gen.Constant<IReadOnlyList<T>?>(null), lists.Select(list => (IReadOnlyList<T>?)list));
}
