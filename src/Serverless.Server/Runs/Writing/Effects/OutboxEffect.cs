using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>What is to happen once the change is written.</summary>
internal sealed class OutboxEffect : IRunEffect<FlowRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change)
    {
        foreach (var entry in change.Entries)
        {
            commit.AddDerived(OutboxRows.Write(entry));
        }
    }
}
