using Serverless.Server.Concurrency;
using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>Slots that a run does not hold any more are given back with its row.</summary>
internal sealed class SlotEffect : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change) => SlotBook.AddRelease(commit, change.Before?.Lease, change.After?.Lease);

    public void AddTo(RowCommit commit, TaskRunChange change) => SlotBook.AddRelease(commit, change.Before?.Lease, change.After?.Lease);
}
