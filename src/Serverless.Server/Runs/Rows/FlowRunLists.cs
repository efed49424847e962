using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// The index rows from which flow runs are listed, one for each list that a run belongs to. Those of the lists by expected start tell what
/// filters, orders and counts look at (<see cref="ListedFlowRun"/>), so each change of that writes a row with another key. No row is ever
/// written again once it was deleted, nor with other contents: states of one run never share a timestamp.
/// </summary>
internal static class FlowRunLists
{
    /// <summary>
    /// Adds the writes that make the lists show <paramref name="after"/> where they showed <paramref name="before"/>; null for no run.
    /// </summary>
    public static void Update(RowCommit commit, StoredFlowRun? before, StoredFlowRun? after)
    {
        var left = before is null ? [] : Rows(before);
        var entered = after is null ? [] : Rows(after);
        var id = (after ?? before!).Run.Id;
        foreach ((var list, var row) in left.Where(row => entered.GetValueOrDefault(row.Key) != row.Value))
        {
            commit.AddDerived(RowOperation.Delete(RunKeys.IndexRow(id, list, row)));
        }

        RowProperties? told = null;
        foreach ((var list, var row) in entered.Where(row => left.GetValueOrDefault(row.Key) != row.Value))
        {
            var properties = TellsOfRuns(list) ? told ??= ListedFlowRun.Of(after!).Properties() : [];
            commit.AddDerived(RowOperation.Upsert(RunKeys.IndexRow(id, list, row), properties));
        }
    }

    /// <summary>The run, in another edition if the lists are to tell something else of the same state.</summary>
    public static StoredFlowRun Edit(StoredFlowRun before, StoredFlowRun after) =>
        before.Run.StateId == after.Run.StateId && !ListedFlowRun.Of(before).IsSame(ListedFlowRun.Of(after))
            ? after with
            {
                Edition = before.Edition + 1,
            }
            : after;

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
    public static bool IsTrue(string list, string rowKey, StoredFlowRun stored) =>
        Rows(stored).TryGetValue(list, out var row) && rowKey == $"{list}|{row}";

    /// <summary>True when the run is in a list, at the place of a row that may be of an earlier state.</summary>
    public static bool IsPlace(string list, string rowKey, StoredFlowRun stored) =>
        Rows(stored).TryGetValue(list, out var row) && RunKeys.PlaceOf(list, $"{list}|{row}").SequenceEqual(RunKeys.PlaceOf(list, rowKey));

    private static bool TellsOfRuns(string list) => list != RunKeys.AllRunsById && !RunKeys.IsDueList(list);

    /// <summary>The lists that a run belongs to, and its rows in them.</summary>
    private static Dictionary<string, string> Rows(StoredFlowRun stored)
    {
        var run = stored.Run;
        var since = RunKeys.Ticks(run.State?.Timestamp ?? DateTimeOffset.MinValue);
        var edition = stored.Edition == 0 ? string.Empty : $"|{stored.Edition:D9}";
        var row = $"{RunKeys.ListRow(run.ExpectedStartTime, run.Id)}|{since}{edition}";
        Dictionary<string, string> rows = new()
        {
            [RunKeys.AllRunsById] = RunKeys.ListRow(run.Id),
            [RunKeys.AllRuns] = row,
            [RunKeys.ListByFlow(run.FlowId)] = row,
        };
        if (run.DeploymentId is { } deploymentId)
        {
            rows.Add(RunKeys.ListByDeployment(deploymentId), row);
        }

        if (run.ParentTaskRunId is { } parentTaskRunId)
        {
            rows.Add(RunKeys.ListByParent(parentTaskRunId), row);
        }

        if (stored.ParentFlowRunId is { } parent)
        {
            rows.Add(RunKeys.ListByParentRun(parent), row);
        }

        if (run.StateType is { } type)
        {
            rows.Add(RunKeys.ListByState(type), row);
        }

        if (DueOf(run) is { } due)
        {
            rows.Add(due.List, $"{RunKeys.Ticks(due.Time)}|{RunKeys.Inverted(run.Id):N}|{since}");
        }

        return rows;
    }
}
