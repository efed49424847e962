using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Server.Services;
using Serverless.Web.Charts;
using Serverless.Web.Limits;
using Serverless.Web.Runs;
using Serverless.Web.Shared;

namespace Serverless.Web.Dashboard;

/// <summary>
/// Reads what the dashboard shows. Every read has a bound that does not grow with the number of runs: counts come from the store's rollups,
/// and what they do not know is told of the newest runs, by their columns.
/// </summary>
internal sealed class DashboardReader(
    RunCounts counts,
    FlowRunQueries queries,
    RunRows rows,
    FlowService flows,
    DeploymentQueries deployments,
    LimitRows limits,
    ServiceRuns services,
    TimeProvider time
)
{
    /// <summary>Of how many runs the figures of flows are made.</summary>
    public const int MostLooked = 2000;

    private const int MostRows = 6;
    private const int MostFlows = 12;
    private const int MostLimits = 8;

    // From below: failures stand on the ground, where their heights can be compared.
    private static readonly string[] Order =
    [
        "failed",
        "crashed",
        "running",
        "paused",
        "cancelling",
        "late",
        "retry",
        "pending",
        "scheduled",
        "cancelled",
        "completed",
    ];

    private static readonly IdFilter NotCalled = new() { IsNull = true };

    public async Task<DashboardModel> ReadAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        var bars = await BarsAsync(window, cancellationToken);
        var ended = await EndedAsync(window, cancellationToken);
        var first = await deployments.FilterAsync(new DeploymentQuery { Sort = DeploymentSort.NameAsc, Limit = 1 }, cancellationToken);
        return new DashboardModel(
            window,
            bars,
            StatesOf(bars),
            await FiguresAsync(ended.Take(MostLooked), cancellationToken),
            Math.Min(ended.Count, MostLooked),
            ended.Count <= MostLooked,
            await LateAsync(cancellationToken),
            await NextAsync(cancellationToken),
            [.. (await limits.FullestAsync(MostLimits, cancellationToken))],
            await services.ReadAsync(cancellationToken),
            first is [var deployment] ? $"/deployments/{deployment.Id}/create_flow_run" : null
        );
    }

    private async Task<IReadOnlyList<StackedBar>> BarsAsync(TimeWindow window, CancellationToken cancellationToken)
    {
        HistoryQuery query = new()
        {
            HistoryStart = window.Start,
            HistoryEnd = window.End,
            HistoryIntervalSeconds = window.Step.TotalSeconds,
            FlowRuns = new FlowRunFilter { ParentTaskRunId = NotCalled },
        };
        return
        [
            .. (await counts.FlowRunHistoryAsync(query, cancellationToken)).Select(interval => new StackedBar(
                interval.IntervalStart,
                interval.IntervalEnd,
                [
                    .. interval
                        .States.GroupBy(state => Looks.Kind(state.StateType, state.StateName))
                        .Select(states => (Kind: states.Key, Count: states.Sum(state => state.CountRuns)))
                        .OrderBy(part => Array.IndexOf(Order, part.Kind)),
                ]
            )),
        ];
    }

    private static List<(string Kind, string Filter, string Text, int Count)> StatesOf(IReadOnlyList<StackedBar> bars) =>
        [
            .. bars.SelectMany(bar => bar.Parts)
                .GroupBy(part => part.Kind)
                .OrderBy(parts => Array.IndexOf(Order, parts.Key))
                .Select(parts =>
                    (
                        parts.Key,
                        parts.Key == "retry" ? "scheduled" : parts.Key,
                        parts.Key == "retry" ? "awaiting retry" : parts.Key,
                        parts.Sum(part => part.Count)
                    )
                ),
        ];

    private Task<IReadOnlyList<EndedFlowRun>> EndedAsync(TimeWindow window, CancellationToken cancellationToken) =>
        queries.EndedAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter
                {
                    ParentTaskRunId = NotCalled,
                    ExpectedStartTime = new TimeFilter { After = window.Start, Before = window.End.AddTicks(-1) },
                },
                Sort = FlowRunSort.ExpectedStartTimeDesc,
                Limit = MostLooked + 1,
            },
            cancellationToken
        );

    private async Task<IReadOnlyList<FlowFigures>> FiguresAsync(IEnumerable<EndedFlowRun> ended, CancellationToken cancellationToken)
    {
        List<FlowFigures> figures = [];
        var worst = ended
            .GroupBy(run => run.FlowId)
            .Select(runs => runs.ToList())
            .OrderByDescending(runs => runs.Count(FlowFigures.IsFailure))
            .ThenByDescending(runs => runs.Count)
            .Take(MostFlows);
        foreach (var runs in worst)
        {
            var id = runs[0].FlowId;
            figures.Add(FlowFigures.Of(id, (await flows.GetAsync(id, cancellationToken))?.Name, runs));
        }

        return figures;
    }

    private Task<IReadOnlyList<RunRow>> LateAsync(CancellationToken cancellationToken) =>
        rows.ReadAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter { State = new StateFilter { Name = new TextFilter { Any = [StateNames.Late] } } },
                Sort = FlowRunSort.ExpectedStartTimeAsc,
                Limit = MostRows,
            },
            cancellationToken
        );

    private Task<IReadOnlyList<RunRow>> NextAsync(CancellationToken cancellationToken) =>
        rows.ReadAsync(
            new FlowRunQuery
            {
                FlowRuns = new FlowRunFilter
                {
                    State = new StateFilter { Type = new StateTypeFilter { Any = [StateType.Scheduled] } },
                    NextScheduledStartTime = new TimeFilter { After = time.GetUtcNow() },
                },
                Sort = FlowRunSort.NextScheduledStartTimeAsc,
                Limit = MostRows,
            },
            cancellationToken
        );
}
