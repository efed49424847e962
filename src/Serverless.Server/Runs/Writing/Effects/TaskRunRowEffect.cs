using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// The task run's own row, and what it has no room for. With a task run that is deleted goes the row of its call; that which says where it
/// lay stays, so that no id ever comes back.
/// </summary>
internal sealed class TaskRunRowEffect : IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, TaskRunChange change)
    {
        var run = change.Either.TaskRun;
        var home = TaskRunKeys.Home(run);
        var address = RunKeys.TaskRun(home, run.Id);
        if (change.After is not { } after)
        {
            commit.Add(RowOperation.Delete(address, change.Before!.ETag));
            commit.Add(RowOperation.Delete(RunKeys.TaskRunResult(home, run.Id)));
            commit.Add(RowOperation.Delete(TaskRunKeys.Call(home, run.TaskKey, run.DynamicKey)));
            if (change.Before.BackgroundDue is not null)
            {
                commit.Add(RowOperation.Delete(BackgroundRows.Input(home, run.Id)));
            }

            TaskRunTraces.Delete(commit, change.Before);
            return;
        }

        commit.Add(
            change.Before is { } before
                ? RowOperation.Replace(address, after.Properties(), before.ETag)
                : RowOperation.Insert(address, after.Properties())
        );
        HistoryRows.AddTo(
            commit,
            change.Before?.History,
            after.History,
            change.Moved,
            state => RunKeys.TaskRunState(home, run.Id, state.Timestamp),
            RunKeys.TaskRunResult(home, run.Id),
            change.ResultJson
        );
    }
}
