using System.Text.Json;
using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Flows;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Queries;

/// <summary>
/// The filters of one query on what belongs together: a flow, its deployments, flow runs and task runs. Remembers its
/// answers about flows and deployments, of which many runs share one.
/// </summary>
internal sealed class RelatedFilters(RunFilters query, IRowStore store, FlowService flows, DeploymentService deployments)
{
    private readonly Dictionary<Guid, bool> _flowMatches = [];
    private readonly Dictionary<Guid, bool> _deploymentMatches = [];

    /// <inheritdoc cref="MatchFlowRunAsync(FlowRun, Guid?, CancellationToken)"/>
    public ValueTask<bool> MatchFlowRunAsync(StoredFlowRun stored, CancellationToken cancellationToken) =>
        MatchFlowRunAsync(stored.Run, stored.ParentFlowRunId, cancellationToken);

    /// <summary>True when the flow run and its flow and deployment are wanted; task runs are not looked at.</summary>
    public async ValueTask<bool> MatchFlowRunAsync(FlowRun run, Guid? parentFlowRunId, CancellationToken cancellationToken) =>
        (query.FlowRuns?.Matches(run, parentFlowRunId) ?? true)
        && MatchWorkPool()
        && (query.Flows is null || await MatchFlowAsync(run.FlowId, cancellationToken))
        && (query.Deployments is null || (run.DeploymentId is { } id && await MatchDeploymentAsync(id, cancellationToken)));

    /// <summary>True when the query asks nothing about task runs, or the flow run has a task run that is wanted.</summary>
    public async ValueTask<bool> MatchTaskRunsAsync(Guid flowRunId, CancellationToken cancellationToken)
    {
        if (query.TaskRuns is not { } filter)
        {
            return true;
        }

        await foreach (var row in store.TaskRunRowsAsync(flowRunId, cancellationToken))
        {
            if (filter.Matches(TaskRunRows.Read(row)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>There are no work pools yet: who asks for those of one gets nothing.</summary>
    public bool MatchWorkPool() => !AskForWorkPools(query);

    /// <summary>True for filters on work pools or their queues.</summary>
    public static bool AskForWorkPools(RunFilters filters) => !IsUnset(filters.WorkPools) || !IsUnset(filters.WorkPoolQueues);

    /// <summary>True when the flow is wanted.</summary>
    public async ValueTask<bool> MatchFlowAsync(Guid flowId, CancellationToken cancellationToken)
    {
        if (query.Flows is null)
        {
            return true;
        }

        if (!_flowMatches.TryGetValue(flowId, out var matches))
        {
            matches =
                await OrNullAsync(flows.GetAsync(flowId, cancellationToken)) is { } flow && await MatchFlowAsync(flow, cancellationToken);
            _flowMatches.Add(flowId, matches);
        }

        return matches;
    }

    /// <inheritdoc cref="MatchFlowAsync(Guid, CancellationToken)"/>
    public async ValueTask<bool> MatchFlowAsync(Flow flow, CancellationToken cancellationToken) =>
        query.Flows is not { } filter
        || filter.Matches(flow, filter.NeedsDeployments && await deployments.AnyAsync(flow.Name, cancellationToken));

    /// <summary>True when the deployment is wanted.</summary>
    public async ValueTask<bool> MatchDeploymentAsync(Deployment deployment, CancellationToken cancellationToken) =>
        query.Deployments is not { } filter
        || filter.Matches(
            deployment,
            filter.NeedsFlowName ? (await OrNullAsync(flows.GetAsync(deployment.FlowId, cancellationToken)))?.Name : null
        );

    private async ValueTask<bool> MatchDeploymentAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        if (!_deploymentMatches.TryGetValue(deploymentId, out var matches))
        {
            matches =
                await OrNullAsync(deployments.GetAsync(deploymentId, cancellationToken)) is { } deployment
                && await MatchDeploymentAsync(deployment, cancellationToken);
            _deploymentMatches.Add(deploymentId, matches);
        }

        return matches;
    }

    /// <summary>A list does not fail for one row: what is damaged is not found. The store has reported it.</summary>
    private static async Task<T?> OrNullAsync<T>(Task<T?> read)
        where T : class
    {
        try
        {
            return await read;
        }
        catch (RowDamagedException)
        {
            return null;
        }
    }

    private static bool IsUnset(JsonElement? filter) => filter is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };
}
