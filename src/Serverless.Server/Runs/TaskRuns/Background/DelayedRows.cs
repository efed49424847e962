using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The rows by which a flow run finds the task runs that it had run in the background: they lie in the flow run's partition, the task runs
/// in their own.
/// </summary>
internal static class DelayedRows
{
    /// <summary>Between the flow run's row and those of its task runs, so that one scan finds all.</summary>
    private const string Prefix = "t!";

    private const string HomeProperty = "home";

    /// <summary>All of a flow run.</summary>
    public static RowRange Of(Guid flowRunId) => RowRange.Prefix(RunKeys.Runs, RunKeys.Partition(flowRunId), Prefix);

    /// <summary>Whether a row of a flow run's partition is one of them.</summary>
    public static bool IsOne(Row row) => row.RowKey.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Where the task run lies that a row stands for.</summary>
    public static RowAddress TaskRunOf(Row row) => RunKeys.TaskRun(row.Properties.Get<Guid>(HomeProperty), IdOf(row));

    /// <summary>The task run that a row stands for.</summary>
    public static Guid IdOf(Row row) => Guid.ParseExact(row.RowKey.AsSpan(Prefix.Length), "N");

    /// <summary>Adds what a change of a task run does to its rows.</summary>
    public static void Update(RowCommit commit, TaskRun? before, TaskRun? after)
    {
        if (before?.DelayedBy == after?.DelayedBy)
        {
            return;
        }

        if (before?.DelayedBy is { } left)
        {
            commit.AddDerived(RowOperation.Delete(Address(left, before.Id)));
        }

        if (after?.DelayedBy is { } entered)
        {
            commit.AddDerived(
                RowOperation.Upsert(Address(entered, after.Id), new RowProperties { { HomeProperty, TaskRunKeys.Home(after) } })
            );
        }
    }

    private static RowAddress Address(Guid flowRunId, Guid taskRunId) =>
        new(RunKeys.Runs, RunKeys.Partition(flowRunId), Prefix + taskRunId.ToString("N"));
}
