using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Queries;
using Serverless.Server.Runs;

namespace Serverless.Server.Flows;

/// <summary>Deletes flows with all that belongs to them: their deployments and their runs.</summary>
public sealed class FlowControl
{
    /// <summary>How long one request deletes. What is left then, the next one deletes.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(1);

    private readonly FlowService _flows;
    private readonly FlowQueries _queries;
    private readonly DeploymentService _deployments;
    private readonly DeploymentControl _deploymentControl;
    private readonly FlowRunService _runs;
    private readonly IFlowRunLists _lists;
    private readonly RegisteredFlows _registered;
    private readonly TimeProvider _time;

    internal FlowControl(
        FlowService flows,
        FlowQueries queries,
        DeploymentService deployments,
        DeploymentControl deploymentControl,
        FlowRunService runs,
        IFlowRunLists lists,
        RegisteredFlows registered,
        TimeProvider time
    )
    {
        _flows = flows;
        _queries = queries;
        _deployments = deployments;
        _deploymentControl = deploymentControl;
        _runs = runs;
        _lists = lists;
        _registered = registered;
        _time = time;
    }

    /// <summary>
    /// Deletes a flow with its deployments and runs. False when there is no such flow. Called again after a crash, it continues.
    /// </summary>
    /// <exception cref="RequestConflictException">The flow is part of this app's code.</exception>
    /// <exception cref="OverloadedException">It has more runs than can be deleted at once; some are gone.</exception>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (_registered.TryGet(id, out var mine))
        {
            throw new RequestConflictException(
                $"Error deleting flow: '{mine.Name}' is part of this app's code, which would create it again. "
                    + "Remove it from the code first."
            );
        }

        return await _flows.GetAsync(id, cancellationToken) is not null && await DeleteAsync(id, _time.GetTimestamp(), cancellationToken);
    }

    /// <summary>Deletes the flows that match, in the order of their names; those that are part of this app's code stay.</summary>
    /// <exception cref="OverloadedException">They have more runs than can be deleted at once; some are gone.</exception>
    public async Task<BulkDeleted> DeleteAsync(FlowBulkDelete request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var begun = _time.GetTimestamp();
        List<Guid> deleted = [];
        var kept = 0;
        while (true)
        {
            FlowQuery query = new()
            {
                Flows = request.Flows,
                Offset = kept,
                Limit = Page.MaxLimit,
            };
            var found = await _queries.FilterAsync(query, cancellationToken);
            foreach (var flow in found)
            {
                if (deleted.Count == request.Limit)
                {
                    return new BulkDeleted(deleted);
                }

                if (!_registered.Contains(flow.Id) && await DeleteAsync(flow.Id, begun, cancellationToken))
                {
                    deleted.Add(flow.Id);
                }
                else
                {
                    kept++;
                }
            }

            if (found.Count == 0)
            {
                return new BulkDeleted(deleted);
            }
        }
    }

    private async Task<bool> DeleteAsync(Guid id, long begun, CancellationToken cancellationToken)
    {
        // The flow goes last, so that a deletion that was interrupted can be asked for again; and the others once more after it, since one
        // may have been created meanwhile.
        await DeleteDeploymentsAsync(id, cancellationToken);
        await DeleteRunsAsync(id, begun, cancellationToken);
        var deleted = await _flows.DeleteAsync(id, cancellationToken);
        await DeleteDeploymentsAsync(id, cancellationToken);
        await DeleteRunsAsync(id, begun, cancellationToken);
        return deleted;
    }

    private async Task DeleteDeploymentsAsync(Guid flowId, CancellationToken cancellationToken)
    {
        // Not by a filter, which wants the flow to be there.
        var found = await _deployments
            .AllAsync(cancellationToken)
            .Where(deployment => deployment.FlowId == flowId)
            .Select(deployment => deployment.Id)
            .ToListAsync(cancellationToken);
        foreach (var id in found)
        {
            await _deploymentControl.DeleteAsync(id, cancellationToken);
        }
    }

    private async Task DeleteRunsAsync(Guid flowId, long begun, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var id in _lists.OfFlowAsync(flowId, cancellationToken))
        {
            if (!await _runs.DeleteAsync(id, cancellationToken))
            {
                continue;
            }

            count++;
            if (_time.GetElapsedTime(begun) > LongestTime)
            {
                throw new OverloadedException(
                    $"The flow has many runs: {count} are gone, more are left. Repeat the request.",
                    retryAfter: 1
                );
            }
        }
    }
}
