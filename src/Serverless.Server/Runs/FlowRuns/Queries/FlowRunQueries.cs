using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;
using Serverless.Storage.Columns;

namespace Serverless.Server.Runs;

/// <summary>Lists of flow runs: by columns, where the store keeps them, and else by index rows.</summary>
internal sealed class FlowRunQueries(IRowStore store, RunReader reader, FlowService flows, DeploymentService deployments, DeadRows dead)
{
    private static readonly StateFilter Ended = new()
    {
        Type = new StateTypeFilter { Any = [.. Enum.GetValues<StateType>().Where(type => type.IsFinal())] },
    };

    private readonly ColumnFlowRunQueries? _columns = store.Columns is { } columns ? new(columns) : null;
    private readonly RowFlowRunQueries _rows = new(store, reader, flows, deployments, dead);

    /// <summary>Whether the store keeps columns, so that a list costs about what its rows cost.</summary>
    public bool HasColumns => _columns is not null;

    /// <summary>The flow runs that the query matches, in its order.</summary>
    /// <param name="query">The filters, the order and the page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="withValues">False to leave out what may be large: parameters and the like, and the state.</param>
    /// <param name="beyond">The place that the page follows, in place of an offset; backwards, that it comes before.</param>
    public async Task<IReadOnlyList<FlowRun>> ListAsync(
        FlowRunQuery query,
        CancellationToken cancellationToken,
        bool withValues = true,
        FlowRunPlace? beyond = null
    )
    {
        var found = _columns is { } columns
            ? await columns.ListAsync(query, withValues, beyond, cancellationToken)
            : await _rows.ListAsync(query, withValues, beyond, cancellationToken);
        return beyond is { IsBackwards: true } ? [.. found.Reverse()] : found;
    }

    /// <summary>How the runs that have ended went, in the order of the query; whatever its filter says of states.</summary>
    public async Task<IReadOnlyList<EndedFlowRun>> EndedAsync(FlowRunQuery query, CancellationToken cancellationToken)
    {
        var ended = query with { FlowRuns = (query.FlowRuns ?? new FlowRunFilter()) with { State = Ended } };
        return _columns is { } columns
            ? await columns.EndedAsync(ended, cancellationToken)
            :
            [
                .. (await _rows.ListAsync(ended, withValues: false, beyond: null, cancellationToken)).Select(run => new EndedFlowRun(
                    run.FlowId,
                    run.StateType!.Value,
                    run.TotalRunTime
                )),
            ];
    }

    public Task<int> CountAsync(FlowRunQuery query, CancellationToken cancellationToken) =>
        _columns is { } columns ? columns.CountAsync(query, cancellationToken) : _rows.CountAsync(query, cancellationToken);

    /// <summary>How many flow runs match, up to a number: the cost does not grow with more of them.</summary>
    public async Task<int> CountUpToAsync(FlowRunQuery query, int most, CancellationToken cancellationToken) =>
        _columns is { } columns
            ? await columns.CountUpToAsync(query, most, cancellationToken)
            : await _rows.MatchAsync(query, withTaskRuns: true, cancellationToken).Take(most).CountAsync(cancellationToken);

    /// <summary>
    /// Every flow run that the query's filters match, each once: what filters, orders and counts look at, and maybe more. Where the store
    /// keeps columns the newest id first.
    /// </summary>
    /// <param name="query">The filters.</param>
    /// <param name="withTaskRuns">False to leave the filter on task runs to the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public IAsyncEnumerable<ListedFlowRun> MatchAsync(RunQuery query, bool withTaskRuns, CancellationToken cancellationToken) =>
        _columns is { } columns
            ? columns
                .ReadAsync(query, withTaskRuns, cancellationToken)
                .Select(stored => new ListedFlowRun(stored.Run, stored.ParentFlowRunId))
            : _rows.MatchAsync(query, withTaskRuns, cancellationToken);

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
        await foreach (var found in _rows.MatchAsync(query, withTaskRuns: true, cancellationToken))
        {
            if (id(found.Run) is { } related)
            {
                ids.Add(related);
            }
        }

        return ids;
    }
}
