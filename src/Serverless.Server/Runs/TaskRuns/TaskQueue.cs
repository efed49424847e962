using System.Runtime.CompilerServices;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The background task runs that wait for a task worker, by task: those that are tried again before the others, and each in the order
/// in which they came. A row is there while its task run is in the state with which it was put into the queue.
/// </summary>
internal sealed class TaskQueue(IRowStore store, RunReader reader, DeadRows dead)
{
    private const string Table = "taskqueue";
    private const string RunProperty = "run";
    private const string StateProperty = "state";

    /// <summary>What a transition does to the queue, to be written with it.</summary>
    public static IEnumerable<RowOperation> Update(State? before, TransitionOutcome<TaskRun> outcome)
    {
        if (outcome.Written is not { } written)
        {
            yield break;
        }

        var run = outcome.Run;
        if (Delete(run, before) is { } left)
        {
            yield return left;
        }

        if (outcome.Queueing != TaskQueueing.None)
        {
            yield return RowOperation.Upsert(
                Address(run, written, outcome.Queueing),
                new RowProperties { { RunProperty, run.Id }, { StateProperty, written.Id } }
            );
        }
    }

    /// <summary>Takes a task run out of the queue that leaves a state, or is about to be deleted; null for one that is in none.</summary>
    public static RowOperation? Delete(TaskRun run, State? left) =>
        left is { Type: StateType.Scheduled, StateDetails.Deferred: true }
            ? RowOperation.Delete(Address(run, left, left.Name == StateNames.AwaitingRetry ? TaskQueueing.Retry : TaskQueueing.Enqueue))
            : null;

    /// <summary>The task runs that wait for a worker of a task, in the order in which they are to be served.</summary>
    /// <param name="taskKey">The task.</param>
    /// <param name="isWanted">Says by the ids of a task run and its state whether it is to be read at all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async IAsyncEnumerable<TaskRun> ReadAsync(
        string taskKey,
        Func<Guid, Guid, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (
            var row in store.ScanAsync(RowRange.Partition(Table, BoundedKey.From(taskKey)), cancellationToken: cancellationToken)
        )
        {
            if (!isWanted(row.Properties.Get<Guid>(RunProperty), row.Properties.Get<Guid>(StateProperty)))
            {
                continue;
            }

            StoredTaskRun? stored;
            try
            {
                stored = await reader.TaskRunAsync(row.Properties.Get<Guid>(RunProperty), cancellationToken);
            }
            catch (RowDamagedException)
            {
                continue;
            }

            if (stored is { TaskRun: { } run } && run.StateId == row.Properties.Get<Guid>(StateProperty))
            {
                yield return run;
            }
            else
            {
                // No run comes back to a state: this row was left by a repeated write, or is about to go.
                await dead.DeleteAsync(Table, [row], cancellationToken);
            }
        }
    }

    private static RowAddress Address(TaskRun run, State state, TaskQueueing queueing) =>
        new(Table, BoundedKey.From(run.TaskKey), $"{(queueing == TaskQueueing.Retry ? 0 : 1)}|{RunKeys.Ticks(state.Timestamp)}|{run.Id:N}");
}
