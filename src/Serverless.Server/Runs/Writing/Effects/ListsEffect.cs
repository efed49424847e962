using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>
/// The columns or, in a store that keeps none, the index rows by which runs are listed; and the rows by which a task run is found.
/// </summary>
/// <param name="hasColumns">Whether the store keeps columns.</param>
internal sealed class ListsEffect(bool hasColumns) : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change)
    {
        if (hasColumns)
        {
            commit.AddColumns(FlowRunColumns.Change(change.Before, change.After));
            if (change.After is null)
            {
                commit.AddColumns(TaskRunColumns.Hide(change.Either.Run.Id));
            }
        }
        else
        {
            FlowRunLists.Update(commit, change.Before, change.After);
        }
    }

    public void AddTo(RowCommit commit, TaskRunChange change)
    {
        var run = change.Either.TaskRun;
        if (hasColumns)
        {
            commit.AddColumns(TaskRunColumns.Change(change.Before?.TaskRun, change.After?.TaskRun));
        }

        if (change.Before is null && RunKeys.NeedsOwner(run.FlowRunId, run.Id))
        {
            commit.AddDerived(RowOperation.Upsert(RunKeys.TaskRunOwner(run.Id), RunReader.Owner(run)));
        }

        var delayedBy = change.After?.TaskRun.DelayedBy;
        if (run.FlowRunId is null && (change.Before is null || change.After is null || change.Before.TaskRun.DelayedBy != delayedBy))
        {
            var row = TaskRunKeys.FlowlessRow(run.Id);
            RowProperties properties = new() { { TaskRunRows.DelayedByProperty, delayedBy } };
            commit.AddDerived(change.After is null ? RowOperation.Delete(row) : RowOperation.Upsert(row, properties));
        }

        DelayedRows.Update(commit, change.Before?.TaskRun, change.After?.TaskRun);
        if (BackgroundRows.UpdateOpen(change.Before, change.After) is { } open)
        {
            commit.AddDerived(open);
        }
    }
}
