using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>The task run's own row, and what it has no room for.</summary>
internal sealed class TaskRunRowEffect : IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, TaskRunChange change)
    {
        var run = change.After.TaskRun;
        var home = TaskRunKeys.Home(run);
        var address = RunKeys.TaskRun(home, run.Id);
        commit.Add(
            change.Before is { } before
                ? RowOperation.Replace(address, change.After.Properties(), before.ETag)
                : RowOperation.Insert(address, change.After.Properties())
        );
        HistoryRows.AddTo(
            commit,
            change.Before?.History,
            change.After.History,
            change.Moved,
            state => RunKeys.TaskRunState(home, run.Id, state.Timestamp),
            RunKeys.TaskRunResult(home, run.Id),
            change.ResultJson
        );
    }
}
