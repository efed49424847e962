using Serverless.Storage;

namespace Serverless.Server.Runs.Writing;

/// <summary>The run's own row; what it has no room for; a tombstone once it is deleted.</summary>
internal sealed class FlowRunRowEffect : IRunEffect<FlowRunChange>
{
    public void AddTo(RowCommit commit, FlowRunChange change)
    {
        var id = change.Either.Run.Id;
        var properties = change.After is { } after ? after.Properties() : change.Before!.Tombstone();
        commit.Add(
            change.Before is { } before
                ? RowOperation.Replace(RunKeys.FlowRun(id), properties, before.ETag)
                : RowOperation.Insert(RunKeys.FlowRun(id), properties)
        );
        if (change.After is { } kept)
        {
            HistoryRows.AddTo(
                commit,
                change.Before?.History,
                kept.History,
                change.Moved,
                state => RunKeys.FlowRunState(id, state.Timestamp),
                RunKeys.FlowRunResult(id),
                change.ResultJson
            );
        }
    }
}
