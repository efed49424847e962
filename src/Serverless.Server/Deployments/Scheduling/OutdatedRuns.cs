using Serverless.Server.Runs;
using Serverless.Storage;

namespace Serverless.Server.Deployments.Scheduling;

/// <summary>Deletes runs that were created ahead for schedules that have been changed, paused or removed since.</summary>
internal sealed class OutdatedRuns(IRowStore store, RunReader reader, FlowRunDeletion deletion, TimeProvider time)
{
    /// <summary>
    /// How many runs in the past are looked at. One that is further down and has not begun is found when a runner asks for it, or when it
    /// is to begin.
    /// </summary>
    private const int MostPast = 50;

    /// <summary>Deletes those of a deployment; may be interrupted and repeated.</summary>
    /// <param name="deploymentId">The deployment.</param>
    /// <param name="stored">The deployment as it is; null when it was deleted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task DeleteAsync(Guid deploymentId, StoredDeployment? stored, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var past = 0;
        var list = RunKeys.ListByDeployment(deploymentId);

        // The list begins with the runs that start last.
        await foreach (var row in store.MergeAsync(RunKeys.List(list), pageSize: 64, cancellationToken))
        {
            if (past >= MostPast)
            {
                return;
            }

            var found = await reader.FlowRunAsync(RunKeys.ListRowRun(list, row.RowKey), cancellationToken);
            if (found?.Run is not { } run)
            {
                continue;
            }

            past += run.ExpectedStartTime <= now ? 1 : 0;
            if (ScheduledRuns.IsUntouched(run) && !ScheduledRuns.IsWanted(run, stored))
            {
                await deletion.DeleteAsync(run.Id, cancellationToken);
            }
        }
    }
}
