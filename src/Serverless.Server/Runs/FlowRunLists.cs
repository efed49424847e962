using Serverless.Core.Models;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>The derived rows from which flow runs are listed, one for each list that a run belongs to.</summary>
internal static class FlowRunLists
{
    /// <summary>Adds the writes that make the lists show <paramref name="after"/> where they showed <paramref name="before"/>; null for no run.</summary>
    public static void Update(RowCommit commit, FlowRun? before, FlowRun? after, Guid? parentFlowRunId)
    {
        FlowRun either = after ?? before!;
        string? beforeRow = before is null ? null : Row(before);
        string? afterRow = after is null ? null : Row(after);

        // The expected start is settled by the first state; only the state's list changes after that.
        if (beforeRow != afterRow)
        {
            Move(commit, RunKeys.AllRuns, beforeRow, afterRow);
            Move(commit, RunKeys.ListByFlow(either.FlowId), beforeRow, afterRow);
            if (either.DeploymentId is { } deploymentId)
            {
                Move(commit, RunKeys.ListByDeployment(deploymentId), beforeRow, afterRow);
            }

            if (either.ParentTaskRunId is { } parentTaskRunId)
            {
                Move(commit, RunKeys.ListByParent(parentTaskRunId), beforeRow, afterRow);
            }

            if (parentFlowRunId is { } parent)
            {
                Move(commit, RunKeys.ListByParentRun(parent), beforeRow, afterRow);
            }
        }

        if (before is null || after is null)
        {
            string row = RunKeys.ListRow(either.Id);
            Move(commit, RunKeys.AllRunsById, before is null ? null : row, after is null ? null : row);
        }

        if (before?.StateType != after?.StateType || beforeRow != afterRow)
        {
            if (before?.StateType is { } left)
            {
                Move(commit, RunKeys.ListByState(left), beforeRow, null);
            }

            if (after?.StateType is { } entered)
            {
                Move(commit, RunKeys.ListByState(entered), null, afterRow);
            }
        }
    }

    /// <summary>The row key under which a list shows the run.</summary>
    public static string Row(string list, FlowRun run) => list == RunKeys.AllRunsById ? RunKeys.ListRow(run.Id) : Row(run);

    private static string Row(FlowRun run) => RunKeys.ListRow(run.ExpectedStartTime, run.Id);

    private static void Move(RowCommit commit, string list, string? from, string? to)
    {
        if (from is not null)
        {
            commit.AddDerived(RowOperation.Delete(new RowAddress(RunKeys.FlowRunLists, list, from)));
        }

        if (to is not null)
        {
            commit.AddDerived(RowOperation.Upsert(new RowAddress(RunKeys.FlowRunLists, list, to), []));
        }
    }
}
