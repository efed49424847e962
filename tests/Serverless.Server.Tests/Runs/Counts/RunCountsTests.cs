using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Runs;

namespace Serverless.Server.Tests.Runs;

/// <summary>The figures are the same whether the store keeps columns, as SQLite does, or index rows say where runs are.</summary>
public sealed class RunCountsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task History_CountsWhatMatches(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var counts = server.Get<RunCounts>();
        var start = server.Time.GetUtcNow();
        var run = await server.CreateRunningAsync();
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 0));
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 1));
        await server.CreateRemoteAsync(ProposedStates.Failed());
        server.Time.Advance(TimeSpan.FromSeconds(30));
        HistoryQuery query = new()
        {
            HistoryStart = start,
            HistoryEnd = start.AddMinutes(2),
            HistoryIntervalSeconds = 60,
        };

        var flowRuns = await counts.FlowRunHistoryAsync(query);
        var taskRuns = await counts.TaskRunHistoryAsync(query);
        var remote = await counts.FlowRunHistoryAsync(
            query with
            {
                Flows = new FlowFilter { Id = new IdFilter { Any = [server.Remote.Id] } },
            }
        );

        var running = flowRuns[0].States.ShouldHaveSingleItem();
        (running.StateType, running.StateName, running.CountRuns).ShouldBe((StateType.Running, "Running", 1));

        // It was Pending for a microsecond.
        running.SumEstimatedRunTime.ShouldBe(90, 0.001);
        running.SumEstimatedLateness.ShouldBe(0, 0.001);
        flowRuns[1].States.ShouldBe([new HistoryState(StateType.Failed, "Failed", 1, 0, 0)]);
        taskRuns.Select(interval => interval.States.Sum(state => state.CountRuns)).ShouldBe([1, 1]);
        remote.Select(interval => interval.States.Count).ShouldBe([0, 1]);
        (await counts.AverageLatenessAsync(new RunCountQuery()))!.Value.ShouldBe(0, 0.001);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_OfTaskRunsAndNextRuns(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var counts = server.Get<RunCounts>();
        var now = server.Time.GetUtcNow();
        var run = await server.CreateRunningAsync();
        await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 0));
        var standIn = (await server.Gate.BeginTaskRunAsync(TestServer.StartOf(run.Id, 1)))!.TaskRun!;
        await server.Runs.CreateAsync(new FlowRunCreate { FlowId = server.Remote.Id, ParentTaskRunId = standIn.Id });
        var late = await server.CreateRemoteAsync(ProposedStates.Scheduled(now.AddHours(2)));
        var early = await server.CreateRemoteAsync(ProposedStates.Scheduled(now.AddHours(1)));

        (await counts.CountTaskRunsAsync([run.Id, late.Id])).ShouldBe(new Dictionary<Guid, int> { [run.Id] = 1, [late.Id] = 0 });
        (await counts.CountByStateAsync(new RunCountQuery())).ShouldBe(new Dictionary<StateType, int> { [StateType.Running] = 2 });
        var next = await counts.NextRunsAsync([server.Remote.Id, server.Registered.FlowId]);
        (next[server.Remote.Id]!.Id, next[server.Registered.FlowId]).ShouldBe((early.Id, null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Summaries_AreInTheOrderThatIsAskedFor(bool columns)
    {
        await using var server = await TestServer.StartAsync(columns: columns);
        var first = await server.CreateRemoteAsync();
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var second = await server.CreateRemoteAsync();

        var latest = await server.Get<RunCounts>().SummariesAsync(new FlowRunSummaryQuery { Limit = 1 });
        var all = await server.Get<RunCounts>().SummariesAsync(new FlowRunSummaryQuery { Sort = FlowRunSort.ExpectedStartTimeAsc });

        latest.Select(run => run.Id).ShouldBe([second.Id]);
        all.Select(run => run.Id).ShouldBe([first.Id, second.Id]);
    }
}
