using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Storage;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>
/// Lists of flow runs: by columns, where the store keeps them, and else by index rows. Such a row only says where to look: whether the run
/// is there, belongs to the list and is wanted, its own row decides.
/// </summary>
internal sealed class FlowRunQueries(IRowStore store, RunReader reader, FlowService flows, DeploymentService deployments)
{
    private readonly FlowRunSources _sources = new(reader, flows);
    private readonly ColumnFlowRunQueries? _columns = store.Columns is { } columns ? new(columns) : null;

    /// <summary>The flow runs that the query matches, in its order.</summary>
    /// <param name="query">The filters, the order and the page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="withValues">False to leave out what may be large: parameters and the like, and the state.</param>
    public async Task<IReadOnlyList<FlowRun>> ListAsync(FlowRunQuery query, CancellationToken cancellationToken, bool withValues = true)
    {
        if (_columns is { } columns)
        {
            return await columns.ListAsync(query, withValues, cancellationToken);
        }

        var page = Page.Of(query.Offset, query.Limit);
        var source = await _sources.PickAsync(query, cancellationToken);
        if (InOrder(source, query.Sort) is { } list)
        {
            return await page.TakeAsync(Runs(MatchAsync(new FlowRunSource(null, [list]), query, cancellationToken), withValues));
        }

        return await page.SortAsync(Runs(MatchAsync(source, query, cancellationToken), withValues), query.Sort.Comparer());
    }

    public async Task<int> CountAsync(FlowRunQuery query, CancellationToken cancellationToken)
    {
        if (_columns is { } columns)
        {
            return await columns.CountAsync(query, cancellationToken);
        }

        var source = await _sources.PickAsync(query, cancellationToken);
        var count = 0;
        if (source.IsExact)
        {
            foreach (var list in source.Lists)
            {
                await foreach (var _ in store.MergeAsync(RunKeys.List(list), 1000, cancellationToken))
                {
                    count++;
                }
            }
        }
        else
        {
            await foreach (var _ in MatchAsync(source, query, cancellationToken))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Every flow run that the query's filters match, each once; where the store keeps columns the newest id first.</summary>
    /// <param name="query">The filters.</param>
    /// <param name="withTaskRuns">False to leave the filter on task runs to the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<StoredFlowRun> MatchAsync(
        RunQuery query,
        bool withTaskRuns,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var runs = _columns is { } columns
            ? columns.ReadAsync(query, withTaskRuns, cancellationToken)
            : MatchAsync(await _sources.PickAsync(query, cancellationToken), query, cancellationToken, withTaskRuns);
        await foreach (var run in runs)
        {
            yield return run;
        }
    }

    /// <summary>The flows of the runs that match.</summary>
    public Task<HashSet<Guid>> FlowsAsync(RunQuery query, CancellationToken cancellationToken) =>
        IdsAsync(query, FlowRunColumns.FlowId, static run => run.FlowId, cancellationToken);

    /// <summary>The deployments of the runs that match.</summary>
    public Task<HashSet<Guid>> DeploymentsAsync(RunQuery query, CancellationToken cancellationToken) =>
        IdsAsync(query, FlowRunColumns.DeploymentId, static run => run.DeploymentId, cancellationToken);

    private async Task<HashSet<Guid>> IdsAsync(RunQuery query, Column column, Func<FlowRun, Guid?> id, CancellationToken cancellationToken)
    {
        if (_columns is { } columns)
        {
            return await columns.IdsAsync(query, column, cancellationToken);
        }

        HashSet<Guid> ids = [];
        await foreach (var stored in MatchAsync(query, withTaskRuns: true, cancellationToken))
        {
            if (id(stored.Run) is { } found)
            {
                ids.Add(found);
            }
        }

        return ids;
    }

    /// <summary>The list that has the source's runs in the wanted order; null when they have to be sorted.</summary>
    private static string? InOrder(FlowRunSource source, FlowRunSort sort) =>
        sort switch
        {
            _ when source.Ids is not null => null,
            FlowRunSort.ExpectedStartTimeDesc when source.Lists is [var list] => list,
            FlowRunSort.IdDesc when source.Lists is [RunKeys.AllRuns] => RunKeys.AllRunsById,
            _ => null,
        };

    private async IAsyncEnumerable<StoredFlowRun> MatchAsync(
        FlowRunSource source,
        RunQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        bool withTaskRuns = true
    )
    {
        RelatedFilters filters = new(query, store, flows, deployments);
        if (!filters.MatchWorkPool())
        {
            yield break;
        }

        await foreach (var run in CandidatesAsync(source, cancellationToken))
        {
            if (
                await filters.MatchFlowRunAsync(run, cancellationToken)
                && (!withTaskRuns || await filters.MatchTaskRunsAsync(run.Run.Id, cancellationToken))
            )
            {
                yield return run;
            }
        }
    }

    private async IAsyncEnumerable<StoredFlowRun> CandidatesAsync(
        FlowRunSource source,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var id in source.Ids ?? [])
        {
            if (await reader.ListedFlowRunAsync(id, cancellationToken) is { } run)
            {
                yield return run;
            }
        }

        // A run that changes its state meanwhile can turn up in two lists.
        HashSet<Guid>? seen = source.Lists.Count > 1 ? [] : null;
        foreach (var list in source.Lists)
        {
            await foreach (var row in store.MergeAsync(RunKeys.List(list), cancellationToken: cancellationToken))
            {
                var id = RunKeys.ListRowRun(list, row.RowKey);
                if (
                    await reader.ListedFlowRunAsync(id, cancellationToken) is { } run
                    && FlowRunLists.IsTrue(list, row, run.Run)
                    && (seen?.Add(id) ?? true)
                )
                {
                    yield return run;
                }
            }
        }
    }

    private static async IAsyncEnumerable<FlowRun> Runs(IAsyncEnumerable<StoredFlowRun> stored, bool withValues)
    {
        await foreach (var item in stored)
        {
            yield return withValues ? item.Run : item.Run.WithoutValues();
        }
    }
}
