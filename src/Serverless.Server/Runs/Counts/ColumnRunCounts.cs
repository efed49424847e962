using Serverless.Core.Filters;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Counts runs by their columns, for histories and averages.</summary>
internal sealed class ColumnRunCounts(IColumnStore columns)
{
    private static readonly Criterion IsExpected = new Criterion.Above(FlowRunColumns.ExpectedStart, DateTimeOffset.MinValue);

    /// <summary>Counts the flow runs that match.</summary>
    public Task CountAsync(HistoryCounter counter, FlowRunQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        CountAsync(
            counter,
            FlowRunColumns.Figures,
            new(FlowRunColumns.Table, Expected(counter, query), [FlowRunColumns.StateType, FlowRunColumns.StateName])
            {
                Intervals = counter.IntervalsOf(FlowRunColumns.ExpectedStart),
                Now = now,
            },
            query,
            cancellationToken
        );

    /// <summary>Counts the task runs that match.</summary>
    public Task CountAsync(HistoryCounter counter, TaskRunQuery query, DateTimeOffset now, CancellationToken cancellationToken) =>
        CountAsync(
            counter,
            TaskRunColumns.Figures,
            new(TaskRunColumns.Table, TaskRunColumns.Of(query), [TaskRunColumns.StateType, TaskRunColumns.StateName])
            {
                Intervals = counter.IntervalsOf(TaskRunColumns.ExpectedStart),
                Now = now,
            },
            query,
            cancellationToken
        );

    /// <summary>Counts the task runs that match, by the time at which they started.</summary>
    public async Task CountAsync(DashboardCounter counter, TaskRunQuery query, CancellationToken cancellationToken)
    {
        ColumnSumQuery sums = new(
            TaskRunColumns.Table,
            TaskRunColumns.Of(query).And(counter.InTime(TaskRunColumns.Start)),
            [TaskRunColumns.StateType]
        )
        {
            Intervals = counter.IntervalsOf(TaskRunColumns.Start),
        };
        foreach (var sum in await SumAsync(sums, query, cancellationToken))
        {
            if (sum.Values[0] is long type)
            {
                counter.Add(sum.Interval, (StateType)type, sum.Count);
            }
        }
    }

    /// <summary>The average lateness of the flow runs that match, in seconds; null when there are none.</summary>
    public async Task<double?> AverageLatenessAsync(FlowRunQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var figures = FlowRunColumns.Figures;
        ColumnSumQuery sums = new(FlowRunColumns.Table, FlowRunColumns.Of(query), [])
        {
            Sums = figures.Sums,
            Elapsed = figures.Elapsed,
            Now = now,
        };
        return await SumAsync(sums, query, cancellationToken) is [var sum] ? RunFigureColumns.Seconds(sum).Lateness / sum.Count : null;
    }

    /// <summary>The runs that match; those without an expected start are at the first of all times, and in no history.</summary>
    private static Criterion Expected(HistoryCounter counter, FlowRunQuery query) =>
        counter.IntervalsOf(FlowRunColumns.ExpectedStart).Start > DateTimeOffset.MinValue
            ? FlowRunColumns.Of(query)
            : FlowRunColumns.Of(query).And(IsExpected);

    private async Task CountAsync(
        HistoryCounter counter,
        RunFigureColumns figures,
        ColumnSumQuery sums,
        RunFilters filters,
        CancellationToken cancellationToken
    )
    {
        var query = sums with { Sums = figures.Sums, Elapsed = figures.Elapsed };
        foreach (var sum in await SumAsync(query, filters, cancellationToken))
        {
            if (sum.Values[0] is long type)
            {
                var (runTime, lateness) = RunFigureColumns.Seconds(sum);
                counter.Add(sum.Interval, (StateType)type, (string?)sum.Values[1], sum.Count, runTime, lateness);
            }
        }
    }

    private async Task<IReadOnlyList<ColumnSum>> SumAsync(ColumnSumQuery sums, RunFilters filters, CancellationToken cancellationToken) =>
        RelatedFilters.AskForWorkPools(filters) || sums.Intervals is { Count: 0 } ? [] : await columns.SumAsync(sums, cancellationToken);
}
