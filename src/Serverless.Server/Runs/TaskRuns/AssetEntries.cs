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
            With =
            [
                RowOperation.Upsert(
                    RunKeys.TaskRunAssets(TaskRunKeys.Home(run), run.Id, state.Id),
                    RowDocs.Of(assets with { StateId = state.Id, Ended = state.Timestamp, Succeeded = state.Type == StateType.Completed })
                ),
            ],
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
}
