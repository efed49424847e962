using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>Releases the slots that a run no longer holds, in the commit of its row.</summary>
internal sealed class SlotEffect : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change) => SlotBook.AddRelease(commit, change.Before?.Lease, change.After?.Lease);

    public void AddTo(RowCommit commit, TaskRunChange change) => SlotBook.AddRelease(commit, change.Before?.Lease, change.After?.Lease);
}
