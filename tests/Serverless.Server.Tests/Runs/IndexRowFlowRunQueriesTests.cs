using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Tests.Runs;

/// <summary>Lists of a store that keeps no columns.</summary>
public sealed class IndexRowFlowRunQueriesTests() : FlowRunQueriesTests(columns: false)
{
    [Fact]
    public async Task Filter_ListRowThatLagsBehind_IsNotShown()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRemoteAsync();

        // As on a store that applies derived rows later than the rows they are derived from.
        await server.Store.CommitAsync(
            new RowCommit().Add(
                RowOperation.Upsert(
                    RunKeys.IndexRow(run.Id, RunKeys.ListByState(StateType.Running), RunKeys.ListRow(run.ExpectedStartTime, run.Id)),
                    []
                )
            )
        );
        await server.Store.CommitAsync(
            new RowCommit().Add(
                RowOperation.Upsert(RunKeys.IndexRow(run.Id, RunKeys.AllRuns, RunKeys.ListRow(DateTimeOffset.UnixEpoch, run.Id)), [])
            )
        );

        StateFilter running = new() { Type = new StateTypeFilter { Any = [StateType.Running] } };
        (await server.Runs.FilterAsync(new FlowRunQuery { FlowRuns = new FlowRunFilter { State = running } })).ShouldBeEmpty();
        (await server.Runs.FilterAsync(new FlowRunQuery { Sort = FlowRunSort.ExpectedStartTimeDesc }))
            .Select(each => each.Id)
            .ShouldBe([run.Id]);
    }

    [Fact]
    public async Task Lists_RunGoesBackToAnEarlierState_NoRowIsWrittenAgain()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRemoteAsync();
        List<string> rows = [];
        server.Store.BeforeCommit = commit =>
        {
            rows.AddRange(commit.Derived.Where(row => row.Kind == RowOperationKind.Upsert).Select(row => row.Address.RowKey));
            return Task.CompletedTask;
        };
        foreach (
            var state in (ProposedState[])
                [ProposedStates.Running(), ProposedStates.Pending(), ProposedStates.Running(), ProposedStates.Running()]
        )
        {
            await server.Gate.ProposeFlowRunStateAsync(run.Id, state, TransitionOrigin.Client, force: true);
        }

        // For each state one of all runs, one of its flow and one of the state, and one more for the time since when it is Pending.
        rows.Count.ShouldBe(13);
        rows.ShouldBeUnique();
        (await server.ListAsync(RunKeys.AllRuns)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Filter_RunEditedWithoutANewState_IsFoundAsItIs()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();
        var edits = server.Get<RunEdits>();
        List<string> rows = [];
        server.Store.BeforeCommit = commit =>
        {
            rows.AddRange(commit.Derived.Where(row => row.Kind == RowOperationKind.Upsert).Select(row => row.Address.RowKey));
            return Task.CompletedTask;
        };

        await edits.UpdateAsync(run.Id, Update("""{"name": "b"}"""));
        await edits.UpdateAsync(run.Id, Update("""{"name": "a", "tags": ["x"]}"""));
        await edits.UpdateAsync(run.Id, Update("""{"name": "b"}"""));
        var before = rows.Count;

        // What lists do not tell of changes no row of them.
        await edits.UpdateAsync(run.Id, Update("""{"infrastructure_pid": "1"}"""));

        rows.ShouldBeUnique();
        rows.Count.ShouldBe(before);
        (
            await FindAsync(
                new()
                {
                    Name = new TextFilter { Any = ["b"] },
                    Tags = new TagFilter { All = ["x"] },
                }
            )
        ).ShouldBe([run.Id]);
        (await FindAsync(new() { Name = new TextFilter { Any = ["a"] } })).ShouldBeEmpty();
        (await server.ListAsync(RunKeys.AllRuns)).Count.ShouldBe(1);

        async Task<IEnumerable<Guid>> FindAsync(FlowRunFilter filter) =>
            (await server.Runs.FilterAsync(new FlowRunQuery { FlowRuns = filter })).Select(found => found.Id);

        static FlowRunUpdate Update(string json) =>
            System.Text.Json.JsonSerializer.Deserialize(json, Core.Json.WireJson.TypeInfo<FlowRunUpdate>())!;
    }

    [Fact]
    public async Task Count_RowOfAnEarlierStateIsLeft_CountsTheRunOnceAsItIs()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRemoteAsync(ProposedStates.Pending());
        List<RowOperation> old = [];
        server.Store.BeforeCommit = commit =>
        {
            old.AddRange(commit.Derived);
            return Task.CompletedTask;
        };
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Running(), TransitionOrigin.Client);
        var written = old.Where(row => row.Kind == RowOperationKind.Upsert).ToList();
        server.Store.BeforeCommit = null;
        await server.Gate.ProposeFlowRunStateAsync(run.Id, ProposedStates.Completed(), TransitionOrigin.Client);

        // As after a crash, when the sweep of the store applies the rows of the older commit last.
        RowCommit late = new();
        foreach (var row in written.Where(row => !row.Address.RowKey.StartsWith("state|", StringComparison.Ordinal)))
        {
            late.Add(row);
        }

        await server.Store.CommitAsync(late);

        FlowFilter remote = new() { Id = new IdFilter { Any = [server.Remote.Id] } };
        FlowRunFilter running = new() { State = new StateFilter { Name = new TextFilter { Any = [StateNames.Running] } } };
        (await server.Runs.CountAsync(new FlowRunQuery { Flows = remote })).ShouldBe(1);
        FlowRunQuery runningRemote = new()
        {
            Flows = remote,
            FlowRuns = running,
            Sort = FlowRunSort.ExpectedStartTimeDesc,
        };
        (await server.Runs.FilterAsync(runningRemote)).ShouldBeEmpty();

        // Who reads the list removes what it finds to be untrue.
        (await server.Runs.CountAsync(runningRemote)).ShouldBe(0);
        (await server.ListAsync(RunKeys.ListByFlow(server.Remote.Id))).Count.ShouldBe(1);
        (await server.Runs.FilterAsync(new FlowRunQuery { Flows = remote }))
            .ShouldHaveSingleItem()
            .StateName.ShouldBe(StateNames.Completed);
    }

    [Fact]
    public async Task Filter_RunOfLongTexts_IsFoundThoughListsDoNotTellOfIt()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        string[] tags = [.. Enumerable.Range(0, 20).Select(n => $"{n}{new string('x', 400)}")];
        var create = new FlowRunCreate
        {
            FlowId = server.Remote.Id,
            Name = "long",
            Tags = tags,
        };
        var run = (await server.Runs.CreateAsync(create)).Run;
        FlowRunFilter filter = new()
        {
            Tags = new TagFilter { All = tags[3..5] },
            Name = new TextFilter { Any = ["long"] },
        };

        foreach (var sort in Enum.GetValues<FlowRunSort>())
        {
            (await server.Runs.FilterAsync(new FlowRunQuery { FlowRuns = filter, Sort = sort })).ShouldHaveSingleItem().Id.ShouldBe(run.Id);
        }

        (await server.Runs.CountAsync(new FlowRunQuery { FlowRuns = filter })).ShouldBe(1);
    }

    [Fact]
    public async Task Lists_ManyRuns_AreReadByTheirListsAndNotOneByOne()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        for (var n = 0; n < 60; n++)
        {
            await server.CreateRemoteAsync(n % 10 == 0 ? ProposedStates.Failed() : ProposedStates.Completed());
            server.Time.Advance(TimeSpan.FromMinutes(1));
        }

        FlowRunFilter failed = new() { State = new StateFilter { Name = new TextFilter { Any = [StateNames.Failed] } } };
        (await ReadsAsync(() => server.Runs.CountAsync(new FlowRunQuery { FlowRuns = failed }), 6)).ShouldBe(RunKeys.Shards);
        (
            await ReadsAsync(
                async () =>
                    (
                        await server.Runs.FilterAsync(
                            new FlowRunQuery
                            {
                                FlowRuns = failed,
                                Sort = FlowRunSort.NameAsc,
                                Limit = 3,
                            }
                        )
                    ).Count,
                3
            )
        ).ShouldBeLessThanOrEqualTo(RunKeys.Shards + 6);

        async Task<int> ReadsAsync(Func<Task<int>> question, int expected)
        {
            var before = server.Store.Reads + server.Store.Queries;
            (await question()).ShouldBe(expected);
            return server.Store.Reads + server.Store.Queries - before;
        }
    }

    [Fact]
    public async Task OpenRuns_DeadRow_IsDeletedOnTheWay()
    {
        await using var server = await TestServer.StartAsync(columns: false);
        var run = await server.CreateRunningAsync();
        var list = RunKeys.ListByState(StateType.Running);
        var dead = $"{RunKeys.ListRow(run.ExpectedStartTime, run.Id)}|{RunKeys.Ticks(DateTimeOffset.UnixEpoch)}";
        await server.Store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(RunKeys.IndexRow(run.Id, list, dead), [])));

        (await server.Get<OpenFlowRuns>().ReadAsync().ToListAsync()).Select(open => open.Run.Id).ShouldBe([run.Id]);

        (await server.ListAsync(list)).Count.ShouldBe(1);
    }
}
