using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The index rows from which flow runs are listed, one for each list that a run belongs to. No row is ever written again once
/// it was deleted: the expected start is settled by the first state, and states of one run never share a timestamp.
/// </summary>
internal static class FlowRunLists
{
    /// <summary>
    /// Adds the writes that make the lists show <paramref name="after"/> where they showed <paramref name="before"/>; null for no run.
    /// </summary>
    public static void Update(RowCommit commit, FlowRun? before, FlowRun? after, Guid? parentFlowRunId)
    {
        var either = after ?? before!;
        var beforeRow = before is null ? null : ByStart(before);
        var afterRow = after is null ? null : ByStart(after);
        if (beforeRow != afterRow)
        {
            foreach (var list in ListsByStart(either, parentFlowRunId))
            {
                Move(commit, either.Id, list, beforeRow, afterRow);
            }
        }

        if (before is null || after is null)
        {
            var row = RunKeys.ListRow(either.Id);
            Move(commit, either.Id, RunKeys.AllRunsById, before is null ? null : row, after is null ? null : row);
        }

        if (before?.StateId != after?.StateId || beforeRow != afterRow)
        {
            if (before?.StateType is { } left)
            {
                Move(commit, before.Id, RunKeys.ListByState(left), ByState(before), null);
            }

            if (after?.StateType is { } entered)
            {
                Move(commit, after.Id, RunKeys.ListByState(entered), null, ByState(after));
            }

            if (before is not null && DueOf(before) is { } wasDue)
            {
                Move(commit, before.Id, wasDue.List, ByDue(before, wasDue.Time), null);
            }

            if (after is not null && DueOf(after) is { } due)
            {
                Move(commit, after.Id, due.List, null, ByDue(after, due.Time));
            }
        }
    }

    /// <summary>
    /// Where a run stands that something has to happen to when its time comes, and when that is; null for one in a state that may last.
    /// </summary>
    public static (string List, DateTimeOffset Time)? DueOf(FlowRun run) =>
        run.State switch
        {
            { Type: StateType.Scheduled, Name: StateNames.Scheduled } state => (
                RunKeys.DueToStart,
                state.StateDetails.ScheduledTime ?? state.Timestamp
            ),
            { Type: StateType.Scheduled } state when run.DeploymentId is null => (
                RunKeys.DueToGoOn,
                state.StateDetails.ScheduledTime ?? state.Timestamp
            ),
            { Type: StateType.Paused, StateDetails.PauseTimeout: { } timeout } => (RunKeys.DueToResume, timeout),
            { Type: StateType.Pending } state => (RunKeys.DueToRun, state.Timestamp),
            { Type: StateType.Cancelling } state => (RunKeys.DueToStop, state.Timestamp),
            _ => null,
        };

    /// <summary>True when a list's row shows the run as it is now. Otherwise the row lags behind the run, or is dead.</summary>
    public static bool IsTrue(string list, Row row, FlowRun run) => row.RowKey == RunKeys.IndexRow(run.Id, list, RowIn(list, run)).RowKey;

    private static string RowIn(string list, FlowRun run) =>
        list == RunKeys.AllRunsById ? RunKeys.ListRow(run.Id)
        : RunKeys.IsDueList(list)
            ? DueOf(run) is { } due && due.List == list ? ByDue(run, due.Time)
                : ""
        : run.StateType is { } type && list == RunKeys.ListByState(type) ? ByState(run)
        : ByStart(run);

    private static IEnumerable<string> ListsByStart(FlowRun run, Guid? parentFlowRunId)
    {
        yield return RunKeys.AllRuns;
        yield return RunKeys.ListByFlow(run.FlowId);
        if (run.DeploymentId is { } deploymentId)
        {
            yield return RunKeys.ListByDeployment(deploymentId);
        }

        if (run.ParentTaskRunId is { } parentTaskRunId)
        {
            yield return RunKeys.ListByParent(parentTaskRunId);
        }

        if (parentFlowRunId is { } parent)
        {
            yield return RunKeys.ListByParentRun(parent);
        }
    }

    private static string ByStart(FlowRun run) => RunKeys.ListRow(run.ExpectedStartTime, run.Id);

    private static string ByState(FlowRun run) => $"{ByStart(run)}|{RunKeys.Ticks(run.State?.Timestamp ?? DateTimeOffset.MinValue)}";

    private static string ByDue(FlowRun run, DateTimeOffset due) =>
        $"{RunKeys.Ticks(due)}|{RunKeys.Inverted(run.Id):N}|{RunKeys.Ticks(run.State?.Timestamp ?? DateTimeOffset.MinValue)}";

    private static void Move(RowCommit commit, Guid flowRunId, string list, string? from, string? to)
    {
        if (from is not null)
        {
            commit.AddDerived(RowOperation.Delete(RunKeys.IndexRow(flowRunId, list, from)));
        }

        if (to is not null)
        {
            commit.AddDerived(RowOperation.Upsert(RunKeys.IndexRow(flowRunId, list, to), []));
        }
    }
}
