using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Queries;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Lists of flow runs by their columns; a filter on task runs is not asked here.</summary>
internal sealed class ColumnFlowRunQueries(IColumnStore columns)
{
    private static readonly ColumnOrder ById = FlowRunColumns.Of(FlowRunSort.IdDesc);

    /// <summary>A page of the runs that match, in the order of the query.</summary>
    /// <exception cref="PageTooLargeException">The rows are too large together.</exception>
    /// <exception cref="OverloadedException">Other requests hold too much memory.</exception>
    public async Task<IReadOnlyList<FlowRun>> ListAsync(FlowRunQuery query, Page page, CancellationToken cancellationToken)
    {
        PageItems<FlowRun> items = new();
        ColumnQuery wanted = new(FlowRunColumns.Table, Of(query), FlowRunColumns.Of(query.Sort), page.Offset, page.Limit);
        var missing = page.Limit;
        while (missing > 0)
        {
            var found = await columns.ReadAsync(
                wanted with
                {
                    Limit = missing,
                },
                hit =>
                {
                    if (hit.Row is { } row && StoredFlowRun.From(row) is { } stored)
                    {
                        items.Add(stored.Run);
                    }
                },
                cancellationToken
            );
            if (found < missing)
            {
                break;
            }

            // A damaged row is not listed; the ones after it take its place.
            wanted = wanted with
            {
                Offset = wanted.Offset + found,
            };
            missing = page.Limit - items.Items.Count;
        }

        return items.Items;
    }

    /// <summary>How many runs match.</summary>
    public async Task<int> CountAsync(RunFilters filters, CancellationToken cancellationToken) =>
        (int)await columns.CountAsync(FlowRunColumns.Table, Of(filters), cancellationToken);

    /// <summary>All runs that match, newest id first.</summary>
    /// <param name="filters">What they match.</param>
    /// <param name="ids">The only ones that can; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<StoredFlowRun> ReadAsync(
        RunFilters filters,
        IReadOnlyCollection<Guid>? ids,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var wanted = ids is null ? Of(filters) : new Criterion.KeyIn(ids).And(Of(filters));
        await foreach (var hit in columns.StreamAsync(FlowRunColumns.Table, wanted, ById, cancellationToken))
        {
            if (hit.Row is { } row && StoredFlowRun.From(row) is { } stored)
            {
                yield return stored;
            }
        }
    }

    private static Criterion Of(RunFilters filters) =>
        IsUnset(filters.WorkPools) && IsUnset(filters.WorkPoolQueues) ? FlowRunColumns.Of(filters) : Criterion.Nothing;

    private static bool IsUnset(JsonElement? filter) => filter is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };
}
