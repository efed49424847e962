using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Storage;

namespace Serverless.Server.Runs;

/// <summary>
/// What a task run's end has to write when its code made assets: the assets, beside the task run, and the outbox entry by which
/// <c>AssetRecording</c> tells of them. As in Prefect, only an end as Completed or Failed counts, and not a cached one.
/// </summary>
internal static class AssetEntries
{
    /// <summary>
    /// The additions to a commit by which a task run ends with a cached result: those who got it look there for what they were made from.
    /// Null for any other commit.
    /// </summary>
    public static TaskRunAdditions? OfCached(TaskRunStart start, Judgement<TaskRun> judgement) =>
        start.CachedAssets is { } assets && judgement.Written is [.., { Name: StateNames.Cached } state]
            ? new TaskRunAdditions { With = [Row(new TaskRunAssets(assets) { IsCached = true }, judgement.Run, state)] }
            : null;

    /// <summary>The additions to the commit; null when the task run does not end so.</summary>
    public static TaskRunAdditions? Of(TaskRunAssets assets, Judgement<TaskRun> judgement, IIdGenerator ids)
    {
        if (judgement.Written is not [.., { Type: StateType.Completed or StateType.Failed } state] || state.Name == StateNames.Cached)
        {
            return null;
        }

        var run = judgement.Run;
        return new TaskRunAdditions
        {
            With = [Row(assets, run, state)],
            Entries =
            [
                // Outside any flow, a task run's own id takes the place of the flow run's.
                OutboxRows.Create(ids.NewId(), state.Timestamp, OutboxKind.Assets, run.FlowRunId ?? run.Id, generation: 0, state.Type) with
                {
                    StateId = state.Id,
                    TaskRunId = run.Id,
                },
            ],
        };
    }

    private static RowOperation Row(TaskRunAssets assets, TaskRun run, State state) =>
        RowOperation.Upsert(
            RunKeys.TaskRunAssets(TaskRunKeys.Home(run), run.Id, state.Id),
            RowDocs.Of(assets with { StateId = state.Id, Ended = state.Timestamp, Succeeded = state.Type == StateType.Completed })
        );
}
