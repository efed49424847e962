using Serverless.Server.Runs;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>Deletes runs that were created ahead for schedules that have been changed, paused or removed since.</summary>
internal sealed class OutdatedRuns(IFlowRunLists lists, FlowRunDeletion deletion)
{
    /// <summary>Deletes those of a deployment; may be interrupted and repeated.</summary>
    /// <param name="deploymentId">The deployment.</param>
    /// <param name="stored">The deployment as it is; null when it was deleted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task DeleteAsync(Guid deploymentId, StoredDeployment? stored, CancellationToken cancellationToken)
    {
        await foreach (var run in lists.ScheduledAsync(deploymentId, cancellationToken))
        {
            if (ScheduledRuns.IsUntouched(run.Run) && !ScheduledRuns.IsWanted(run.Run, stored))
            {
                await deletion.DeleteAsync(run.Run.Id, cancellationToken);
            }
        }
    }
}
