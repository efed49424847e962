using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Flows;

/// <summary>Lists of flows, filtered also by what belongs to them.</summary>
public sealed class FlowQueries
{
    private readonly IRowStore _store;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly FlowRunQueries _flowRuns;

    internal FlowQueries(IRowStore store, FlowService flows, DeploymentService deployments, FlowRunQueries flowRuns)
    {
        _store = store;
        _flows = flows;
        _deployments = deployments;
        _flowRuns = flowRuns;
    }

    /// <summary>The flows that a query matches, in its order.</summary>
    public Task<IReadOnlyList<Flow>> FilterAsync(FlowQuery query, CancellationToken cancellationToken = default) =>
        Page.Of(query.Offset, query.Limit).SortAsync(MatchAsync(query, cancellationToken), query.Sort.Comparer());

    /// <summary>How many flows a query's filters match.</summary>
    public async Task<int> CountAsync(FlowQuery query, CancellationToken cancellationToken = default) =>
        await MatchAsync(query, cancellationToken).CountAsync(cancellationToken);

    /// <summary>How many deployments each of the flows has.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> CountDeploymentsAsync(
        IReadOnlyList<Guid> flowIds,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(flowIds);
        var counts = flowIds.Distinct().ToDictionary(id => id, _ => 0);
        await foreach (var deployment in _deployments.AllAsync(cancellationToken))
        {
            if (counts.TryGetValue(deployment.FlowId, out var count))
            {
                counts[deployment.FlowId] = count + 1;
            }
        }

        return counts;
    }

    private async IAsyncEnumerable<Flow> MatchAsync(FlowQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RelatedFilters filters = new(query, _store, _flows, _deployments);
        if (!filters.MatchWorkPool())
        {
            yield break;
        }

        var withDeployments = query.Deployments is null ? null : await WithDeploymentsAsync(filters, cancellationToken);
        FlowRunQuery runs = new() { FlowRuns = query.FlowRuns, TaskRuns = query.TaskRuns };
        var withRuns = query is { FlowRuns: null, TaskRuns: null } ? null : await _flowRuns.FlowsAsync(runs, cancellationToken);
        await foreach (var flow in _flows.AllAsync(cancellationToken))
        {
            if (
                (withDeployments?.Contains(flow.Id) ?? true)
                && (withRuns?.Contains(flow.Id) ?? true)
                && await filters.MatchFlowAsync(flow, cancellationToken)
            )
            {
                yield return flow;
            }
        }
    }

    private async ValueTask<HashSet<Guid>> WithDeploymentsAsync(RelatedFilters filters, CancellationToken cancellationToken)
    {
        HashSet<Guid> flows = [];
        await foreach (var deployment in _deployments.AllAsync(cancellationToken))
        {
            if (!flows.Contains(deployment.FlowId) && await filters.MatchDeploymentAsync(deployment, cancellationToken))
            {
                flows.Add(deployment.FlowId);
            }
        }

        return flows;
    }
}
