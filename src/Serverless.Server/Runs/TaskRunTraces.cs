using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The rows of the cache and of the task queues that follow from task runs and their states.</summary>
internal static class TaskRunTraces
{
    /// <summary>What is to be written with the state that a transition writes.</summary>
    /// <param name="before">The state that it leaves; null for none.</param>
    /// <param name="outcome">The transition.</param>
    public static IEnumerable<RowOperation> Of(State? before, TransitionOutcome<TaskRun> outcome)
    {
        IEnumerable<RowOperation> rows = TaskQueue.Update(before, outcome);
        return outcome is { Written: { } written, CacheEntry: { } entry } ? rows.Append(TaskCache.Write(outcome.Run, written, entry)) : rows;
    }

    /// <summary>What goes with a row of a task run, or of one of its states, that is deleted.</summary>
    public static void Delete(RowCommit commit, Row row)
    {
        RowOperation? trace = null;
        if (row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
        {
            TaskRun run = RowDocs.Read<TaskRun>(row);
            trace = TaskQueue.Delete(run, run.State);
        }
        else if (row.RowKey.StartsWith(RunKeys.TaskRunStatePrefix, StringComparison.Ordinal))
        {
            trace = TaskCache.Delete(RowDocs.Read<State>(row));
        }

        if (trace is not null)
        {
            commit.AddDerived(trace);
        }
    }
}
