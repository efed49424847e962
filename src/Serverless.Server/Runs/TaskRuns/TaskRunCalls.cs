using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>Which task run a client's call of a task is: the row that says so is written with the task run, once for each call.</summary>
internal sealed class TaskRunCalls(IRowStore store, RunReader reader)
{
    private const string RunProperty = "run";

    /// <summary>The task run of a call; null when there is none.</summary>
    /// <param name="home">The partition of the call.</param>
    /// <param name="call">The row of the call.</param>
    /// <param name="engines">The id that the task run has if the flow itself makes the call; null when it cannot.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<TaskRunAttempt?> FindAsync(Guid home, RowAddress call, Guid? engines, CancellationToken cancellationToken)
    {
        var id = (await store.GetAsync(call, cancellationToken))?.Properties.Get<Guid>(RunProperty) ?? engines;
        return id is { } known && await reader.TaskRunRowAsync(home, known, cancellationToken) is { } row
            ? TaskRunAttempt.From(row, null)
            : null;
    }

    /// <summary>True for the id of a task run that is there, or was: no id comes back, nor do the rows that are derived from it.</summary>
    public async ValueTask<bool> IsTakenAsync(Guid home, Guid taskRunId, CancellationToken cancellationToken) =>
        await reader.HomeOfTaskRunAsync(taskRunId, cancellationToken) is not null
        || await reader.TaskRunRowAsync(home, taskRunId, cancellationToken) is not null;

    /// <summary>What the commit of a call's new task run contains besides.</summary>
    public static List<RowOperation> Claim(RowAddress call, Guid taskRunId, Row? flowRow, StoredFlowRun? flowRun)
    {
        List<RowOperation> with = [RowOperation.Insert(call, new RowProperties { { RunProperty, taskRunId } })];
        if (flowRow is not null && RunPermits.Of(flowRun!.Run) is null)
        {
            // Written as it is: a deletion meanwhile makes the commit fail. While the flow run is Running its permit does that.
            with.Add(RowOperation.Replace(RunKeys.FlowRun(flowRun.Run.Id), flowRow.Properties, flowRow.ETag));
        }

        return with;
    }
}
