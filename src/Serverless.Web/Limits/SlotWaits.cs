using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Concurrency;

namespace Serverless.Web.Limits;

/// <summary>Finds the limits whose slots a run waits for, and its place in their queues.</summary>
internal sealed class SlotWaits(ConcurrencyLimits limits, LimitRows rows, TimeProvider time)
{
    private const int MostLooked = 200;
    private const int MostTags = 20;

    /// <summary>What a flow run waits for: the limit of its deployment.</summary>
    public Task<IReadOnlyList<SlotWait>> OfAsync(FlowRun run, CancellationToken cancellationToken) =>
        run is { StateName: StateNames.AwaitingConcurrencySlot, DeploymentId: { } deployment }
            ? OfAsync(
                [ConcurrencyKeys.IdOfDeployment(deployment)],
                wait => wait is { TaskRunId: null } && wait.RunId == run.Id,
                cancellationToken
            )
            : Task.FromResult<IReadOnlyList<SlotWait>>([]);

    /// <summary>What a task run waits for: limits of its tags, that have no free slot or in whose queue it stands.</summary>
    public Task<IReadOnlyList<SlotWait>> OfAsync(TaskRun task, CancellationToken cancellationToken) =>
        task.StateType is StateType.Pending or StateType.Scheduled && task.Tags.Count > 0
            ? OfAsync([.. task.Tags.Take(MostTags).Select(ConcurrencyKeys.IdOfTag)], wait => wait.TaskRunId == task.Id, cancellationToken)
            : Task.FromResult<IReadOnlyList<SlotWait>>([]);

    private async Task<IReadOnlyList<SlotWait>> OfAsync(
        IReadOnlyList<Guid> limitIds,
        Func<SlotOwner, bool> isMine,
        CancellationToken cancellationToken
    )
    {
        List<SlotWait> waits = [];
        foreach (var id in limitIds)
        {
            if (await limits.GetAsync(id, cancellationToken) is not { Active: true } limit)
            {
                continue;
            }

            var queue = await limits.Queue.ListAsync(id, MostLooked, cancellationToken);
            var place = queue.TakeWhile(wait => !isMine(wait.Owner)).Count();
            var isQueued = place < queue.Count;
            if (isQueued || limit.ActiveSlots(time.GetUtcNow()) >= limit.Limit)
            {
                waits.Add(
                    new SlotWait(
                        await rows.ShowAsync(limit, cancellationToken),
                        isQueued || place == MostLooked ? place : null,
                        place == MostLooked
                    )
                );
            }
        }

        return waits;
    }
}
