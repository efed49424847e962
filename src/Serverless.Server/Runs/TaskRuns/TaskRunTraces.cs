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
        var rows = TaskQueue.Update(before, outcome);
        return outcome is { Written: { } written, CacheEntry: { } entry }
            ? rows.Append(TaskCache.Write(outcome.Run, written, entry))
            : rows;
    }

    /// <summary>What goes with a row of a task run, or of one of its states, that is deleted.</summary>
    public static void Delete(RowCommit commit, Row row)
    {
        if (row.RowKey.StartsWith(RunKeys.TaskRunPrefix, StringComparison.Ordinal))
        {
            Delete(commit, TaskRunAttempt.From(row, null));
        }
        else if (row.RowKey.StartsWith(RunKeys.TaskRunStatePrefix, StringComparison.Ordinal))
        {
            Add(commit, TaskCache.Delete(RowDocs.Read<State>(row)));
        }
    }

    /// <summary>What goes with the row of a task run that is deleted.</summary>
    public static void Delete(RowCommit commit, TaskRunAttempt stored)
    {
        var present = stored.TaskRun.State;
        Add(commit, TaskQueue.Delete(stored.TaskRun, present));
        foreach (var state in present is null ? stored.History.States() : stored.History.States().Append(present))
        {
            Add(commit, TaskCache.Delete(state));
        }
    }

    private static void Add(RowCommit commit, RowOperation? trace)
    {
        if (trace is not null)
        {
            commit.AddDerived(trace);
        }
    }
}
