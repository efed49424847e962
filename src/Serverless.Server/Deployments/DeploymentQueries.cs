using System.Runtime.CompilerServices;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Flows;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Deployments;

/// <summary>Lists of deployments, filtered also by what belongs to them.</summary>
public sealed class DeploymentQueries
{
    private readonly IRowStore _store;
    private readonly FlowService _flows;
    private readonly DeploymentService _deployments;
    private readonly FlowRunQueries _flowRuns;

    internal DeploymentQueries(IRowStore store, FlowService flows, DeploymentService deployments, FlowRunQueries flowRuns)
    {
        _store = store;
        _flows = flows;
        _deployments = deployments;
        _flowRuns = flowRuns;
    }

    /// <summary>The deployments that a query matches, in its order.</summary>
    public Task<IReadOnlyList<Deployment>> FilterAsync(DeploymentQuery query, CancellationToken cancellationToken = default) =>
        Page.Of(query.Offset, query.Limit).SortAsync(MatchAsync(query, cancellationToken), query.Sort.Comparer());

    /// <summary>How many deployments a query's filters match.</summary>
    public async Task<int> CountAsync(DeploymentQuery query, CancellationToken cancellationToken = default) =>
        await MatchAsync(query, cancellationToken).CountAsync(cancellationToken);

    private async IAsyncEnumerable<Deployment> MatchAsync(
        DeploymentQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        RelatedFilters filters = new(query, _store, _flows, _deployments);
        if (!filters.MatchWorkPool())
        {
            yield break;
        }

        FlowRunQuery runs = new() { FlowRuns = query.FlowRuns, TaskRuns = query.TaskRuns };
        var withRuns = query is { FlowRuns: null, TaskRuns: null } ? null : await _flowRuns.DeploymentsAsync(runs, cancellationToken);
        await foreach (var deployment in _deployments.AllAsync(cancellationToken))
        {
            if (
                (withRuns?.Contains(deployment.Id) ?? true)
                && await filters.MatchDeploymentAsync(deployment, cancellationToken)
                && await filters.MatchFlowAsync(deployment.FlowId, cancellationToken)
            )
            {
                yield return deployment;
            }
        }
    }
}
