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

        // One for each state, and one more for the time since when it is Pending.
        rows.Count.ShouldBe(5);
        rows.ShouldBeUnique();
        (await server.ListAsync(RunKeys.AllRuns)).Count.ShouldBe(1);
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
