using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Lists of flow runs by their columns.</summary>
internal sealed class ColumnFlowRunQueries(IColumnStore columns)
{
    private static readonly ColumnOrder ById = FlowRunColumns.Of(FlowRunSort.IdDesc);

    /// <summary>A page of the runs that match, in the order of the query.</summary>
    /// <param name="query">The filters, the order and the page.</param>
    /// <param name="withValues">False to leave out what may be large: parameters and the like, and the state.</param>
    /// <param name="beyond">The place that the page follows, in place of an offset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<FlowRun>> ListAsync(
        FlowRunQuery query,
        bool withValues,
        FlowRunPlace? beyond,
        CancellationToken cancellationToken
    )
    {
        var where = WhereOf(query);
        var order = FlowRunColumns.Of(query.Sort);
        order = beyond is { IsBackwards: true } ? order.Reverse() : order;
        return columns.PageAsync(
            FlowRunColumns.Table,
            beyond is null ? [where] : [.. order.Beyond(beyond.Id, beyond.Value).Select(where.And)],
            order,
            Page.Of(beyond is null ? query.Offset : 0, query.Limit),
            row =>
                StoredFlowRun.From(row) is not { Run: var run } ? null
                : withValues ? run
                : run.WithoutValues(),
            cancellationToken
        );
    }

    /// <summary>How the runs went that match, all of which have ended, in the order of the query.</summary>
    public async Task<IReadOnlyList<EndedFlowRun>> EndedAsync(FlowRunQuery query, CancellationToken cancellationToken)
    {
        ColumnQuery ended = new(
            FlowRunColumns.Table,
            WhereOf(query),
            FlowRunColumns.Of(query.Sort),
            query.Offset,
            query.Limit ?? Page.MaxLimit
        );
        Column[] wanted = [FlowRunColumns.FlowId, FlowRunColumns.StateType, FlowRunColumns.Figures.RunTime];
        return
        [
            .. (await columns.ValuesAsync(ended, wanted, cancellationToken)).Select(values => new EndedFlowRun(
                (Guid)values[0]!,
                (StateType)(long)values[1]!,
                RunFigureColumns.Seconds(values[2])
            )),
        ];
    }

    private static Criterion WhereOf(RunFilters filters) =>
        RelatedFilters.AskForWorkPools(filters) ? Criterion.Nothing : FlowRunColumns.Of(filters);

    /// <summary>How many runs match.</summary>
    public async Task<int> CountAsync(RunFilters filters, CancellationToken cancellationToken) =>
        RelatedFilters.AskForWorkPools(filters)
            ? 0
            : (int)await columns.CountAsync(FlowRunColumns.Table, FlowRunColumns.Of(filters), cancellationToken);

    /// <summary>How many runs match, up to a number.</summary>
    public async Task<int> CountUpToAsync(RunFilters filters, int most, CancellationToken cancellationToken)
    {
        ColumnQuery some = new(FlowRunColumns.Table, WhereOf(filters), ById, 0, most);
        return (await columns.ValuesAsync(some, [FlowRunColumns.StateType], cancellationToken)).Count;
    }

    /// <summary>What a column of ids holds for the runs that match.</summary>
    public async Task<HashSet<Guid>> IdsAsync(RunFilters filters, Column column, CancellationToken cancellationToken)
    {
        if (RelatedFilters.AskForWorkPools(filters))
        {
            return [];
        }

        ColumnSumQuery byId = new(FlowRunColumns.Table, FlowRunColumns.Of(filters), [column]);
        var groups = await columns.SumAsync(byId, cancellationToken);
        return [.. groups.Select(group => group.Values[0]).OfType<Guid>()];
    }

    /// <summary>All runs that match, newest id first.</summary>
    /// <param name="filters">What they match.</param>
    /// <param name="withTaskRuns">False to leave the filter on task runs to the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<StoredFlowRun> ReadAsync(
        RunFilters filters,
        bool withTaskRuns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (RelatedFilters.AskForWorkPools(filters))
        {
            yield break;
        }

        var wanted = withTaskRuns ? FlowRunColumns.Of(filters) : FlowRunColumns.OfFlowRuns(filters);
        await foreach (var hit in columns.StreamAsync(FlowRunColumns.Table, wanted, ById, cancellationToken))
        {
            if (hit.Row is { } row && StoredFlowRun.From(row) is { } stored)
            {
                yield return stored;
            }
        }
    }
}
