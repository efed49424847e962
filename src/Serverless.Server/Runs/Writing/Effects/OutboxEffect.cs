using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>What is to happen once the change is written.</summary>
internal sealed class OutboxEffect : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change) => AddTo(commit, change.Entries);

    public void AddTo(RowCommit commit, TaskRunChange change) => AddTo(commit, change.Entries);

    private static void AddTo(RowCommit commit, IReadOnlyList<OutboxEntry> entries)
    {
        foreach (var entry in entries)
        {
            commit.AddDerived(OutboxRows.Write(entry));
        }
    }
}
