using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>Rows that the caller adds to the commit, and rows that follow from the states.</summary>
internal sealed class FurtherRowsEffect : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change) => AddTo(commit, change.With, change.Derived);

    public void AddTo(RowCommit commit, TaskRunChange change) => AddTo(commit, change.With, change.Derived);

    private static void AddTo(RowCommit commit, IReadOnlyList<RowOperation> with, IReadOnlyList<RowOperation> derived)
    {
        foreach (var operation in with)
        {
            commit.Add(operation);
        }

        foreach (var operation in derived)
        {
            commit.AddDerived(operation);
        }
    }
}
