using Serverless.Core.Filters;
using Serverless.Core.Models;
using Serverless.Server.Deployments;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Flows;

/// <summary>Deletes flows with all that belongs to them: their deployments and their runs.</summary>
public sealed class FlowControl(
    IRowStore store,
    FlowService flows,
    FlowQueries queries,
    DeploymentQueries deployments,
    DeploymentControl deploymentControl,
    FlowRunService runs,
    RegisteredFlows registered,
    TimeProvider time
)
{
    /// <summary>How long one request deletes. What is left then, the next one deletes.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Deletes a flow with its deployments and runs. False when there is no such flow. Called again after a crash, it continues.
    /// </summary>
    /// <exception cref="RequestConflictException">The flow is part of this app's code.</exception>
    /// <exception cref="OverloadedException">It has more runs than can be deleted at once; some are gone.</exception>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        if (registered.TryGet(id, out var mine))
        {
            throw new RequestConflictException(
                $"Error deleting flow: '{mine.Name}' is part of this app's code, which would create it again. Remove it from the code first."
            );
        }

        return await flows.GetAsync(id, cancellationToken) is not null && await DeleteAsync(id, time.GetTimestamp(), cancellationToken);
    }

    /// <summary>Deletes the flows that match, in the order of their names; those that are part of this app's code stay.</summary>
    /// <exception cref="OverloadedException">They have more runs than can be deleted at once; some are gone.</exception>
    public async Task<BulkDeleted> DeleteAsync(FlowBulkDelete request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var begun = time.GetTimestamp();
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
            var found = await queries.FilterAsync(query, cancellationToken);
            foreach (var flow in found)
            {
                if (deleted.Count == request.Limit)
                {
                    return new BulkDeleted(deleted);
                }

                if (!registered.Contains(flow.Id) && await DeleteAsync(flow.Id, begun, cancellationToken))
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
        // The flow goes last, so that a deletion that was interrupted can be asked for again; and its runs once more after it, since one
        // may have been created meanwhile.
        DeploymentQuery query = new() { Flows = new FlowFilter { Id = new IdFilter { Any = [id] } } };
        IReadOnlyList<Deployment> found;
        do
        {
            found = await deployments.FilterAsync(query, cancellationToken);
            foreach (var deployment in found)
            {
                await deploymentControl.DeleteAsync(deployment.Id, cancellationToken);
            }
        } while (found.Count > 0);

        await DeleteRunsAsync(id, begun, cancellationToken);
        var deleted = await flows.DeleteAsync(id, cancellationToken);
        await DeleteRunsAsync(id, begun, cancellationToken);
        return deleted;
    }

    private async Task DeleteRunsAsync(Guid flowId, long begun, CancellationToken cancellationToken)
    {
        var list = RunKeys.ListByFlow(flowId);
        var count = 0;
        await foreach (var row in store.MergeAsync(RunKeys.List(list), cancellationToken: cancellationToken))
        {
            if (!await runs.DeleteAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken))
            {
                continue;
            }

            count++;
            if (time.GetElapsedTime(begun) > LongestTime)
            {
                throw new OverloadedException(
                    $"The flow has many runs: {count} are gone, more are left. Repeat the request.",
                    retryAfter: 1
                );
            }
        }
    }
}
