using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>A flow run's permit comes and goes with Running; a task run begins only while it is there.</summary>
internal sealed class PermitEffect : IRunEffect<FlowRunChange>, IRunEffect<TaskRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change) => RunPermits.Update(commit, change.Before?.Run, change.After?.Run);

    public void AddTo(RowCommit commit, TaskRunChange change)
    {
        if (change.Opens && RunPermits.Of(change.Either.FlowRun) is { } permit)
        {
            commit.Add(RowOperation.Exists(permit));
        }
    }
}
