using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Server.Outbox;
using Serverless.Server.Runs;
using Serverless.Server.Telemetry;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Who waits for slots, in order. A slot that is free goes to the run that has waited longest: it is taken for that run, and the run's
/// orchestration is told. So a released slot wakes one run only, and no later run can take it.
/// </summary>
internal sealed class SlotQueue(IRowStore store, TimeProvider time, LimitReader reader, SlotBook book, IOutboxAnnouncer announcer)
{
    /// <summary>Most runs that one commit gives slots to.</summary>
    private const int MaxGrants = 40;

    private const int PageSize = 1000;

    /// <summary>
    /// Has a run wait for the first of the limits that has no slot for it. True when the run is to be judged again at once: it has a slot
    /// now, or the limit is gone.
    /// </summary>
    public async Task<bool> EnterAsync(
        IReadOnlyList<StoredLimit> limits,
        SlotOwner owner,
        State state,
        string instance,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        if (limits.FirstOrDefault(limit => limit is { Active: true, Limit: > 0 } && !limit.Facts(now, owner).HasFreeSlot) is not { } full)
        {
            return false;
        }

        // What is kept for it of the other limits is the next ones' until there is a slot of this one, too.
        await LeaveAsync(
            limits.Where(limit => limit.Slots.Any(slot => slot.IsKeptFor(owner))).Select(limit => limit.Id),
            owner,
            cancellationToken
        );

        // A release looks for waiting runs afterwards, and a waiting run looks for slots after this row. So no slot is overlooked.
        StoredWait wait = new(full.Id, StoredWait.SinceOf(state), owner, instance);
        if (await store.GetAsync(wait.Address, cancellationToken) is null)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Upsert(wait.Address, wait.Properties)), cancellationToken);
        }

        return await HandOutAsync(full.Id, owner, cancellationToken);
    }

    /// <summary>A run does not want the slots any more that it waits for: gives them to the next ones.</summary>
    public async Task LeaveAsync(IEnumerable<Guid> limitIds, SlotOwner owner, CancellationToken cancellationToken)
    {
        foreach (var limitId in limitIds)
        {
            if (
                await reader.ReadAsync(limitId, cancellationToken) is { } limit
                && limit.Slots.FirstOrDefault(slot => slot.IsKeptFor(owner)) is { } granted
                && await book.RemoveAsync([granted], cancellationToken) > 0
            )
            {
                await HandOutAsync(limitId, null, cancellationToken);
            }
        }
    }

    /// <summary>Slots were released: they go to the runs that wait. What an outage keeps from that is the sweep's.</summary>
    public async Task OnReleasedAsync(IEnumerable<Guid> limitIds, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var limitId in limitIds)
            {
                await HandOutAsync(limitId, null, cancellationToken);
            }
        }
        catch (RowStoreUnavailableException)
        {
            // The state that gave the slots back is written, and its writer must not be told otherwise.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The same.
        }
    }

    /// <summary>
    /// Gives free slots to those who have waited longest. True when <paramref name="self"/> is to be judged again at once.
    /// </summary>
    public async Task<bool> HandOutAsync(Guid limitId, SlotOwner? self, CancellationToken cancellationToken)
    {
        var waits = RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId));
        var isServed = false;
        while ((await store.QueryAsync(waits, 1, null, cancellationToken)).Rows.Count > 0)
        {
            if (await reader.ReadAsync(limitId, cancellationToken) is not { Active: true } limit)
            {
                await DismissAsync(waits, self, cancellationToken);
                return self is not null;
            }

            // The slots of a rate limit end one after the other: each is taken by itself.
            var free = Math.Min(limit.Limit - limit.ActiveSlots(time.GetUtcNow()), limit.Decay > 0 ? 1 : MaxGrants);
            if (free <= 0)
            {
                return isServed;
            }

            List<StoredWait> next = [];
            List<StoredWait> gone = [];
            foreach (var wait in (await store.QueryAsync(waits, free, null, cancellationToken)).Rows.Select(StoredWait.From))
            {
                (await IsWaitingAsync(wait, limit, cancellationToken) ? next : gone).Add(wait);
            }

            if (!await book.TryGrantAsync(limit, next, gone, cancellationToken))
            {
                continue;
            }

            foreach (var wait in next)
            {
                ServerMetrics.SlotWait.Record(Math.Max((time.GetUtcNow() - wait.Since).TotalSeconds, 0));
                if (wait.Owner == self)
                {
                    isServed = true;
                }
                else
                {
                    Tell(wait.Owner, wait.Instance);
                }
            }
        }

        return isServed;
    }

    /// <summary>How many runs wait for slots of a limit; no more than a page are counted.</summary>
    public async Task<int> CountAsync(Guid limitId, CancellationToken cancellationToken) =>
        (
            await store.QueryAsync(
                RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId)),
                PageSize,
                null,
                cancellationToken
            )
        )
            .Rows
            .Count;

    /// <summary>
    /// The first runs that wait for slots of a limit, in their order. One that waits no more may still be there for a while.
    /// </summary>
    public async Task<IReadOnlyList<StoredWait>> ListAsync(Guid limitId, int most, CancellationToken cancellationToken) =>
        [
            .. (
                await store.QueryAsync(
                    RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId)),
                    most,
                    null,
                    cancellationToken
                )
            ).Rows.Select(StoredWait.From),
        ];

    /// <summary>
    /// A limit has another name, or a deployment another limit: those who wait are perhaps not bound by it any more. They look, and queue
    /// again in their old places if they are.
    /// </summary>
    public Task OnReboundAsync(Guid limitId, CancellationToken cancellationToken) =>
        DismissAsync(RowRange.Partition(ConcurrencyKeys.Waits, ConcurrencyKeys.Partition(limitId)), null, cancellationToken);

    /// <summary>Has a run's orchestration look whether there is a slot for it.</summary>
    public void Tell(SlotOwner owner, string instance) =>
        announcer.Announce(
            new OutboxEntry("", OutboxKind.SlotGranted, owner.RunId, Generation: 0, StateType.Scheduled)
            {
                Instance = instance,
                TaskRunId = owner.TaskRunId,
            }
        );

    /// <summary>The limit is not there or not enforced any more: nobody has to wait.</summary>
    private async Task DismissAsync(RowRange waits, SlotOwner? self, CancellationToken cancellationToken)
    {
        while ((await store.QueryAsync(waits, PageSize, null, cancellationToken)).Rows is { Count: > 0 } rows)
        {
            foreach (var chunk in rows.Chunk(MaxGrants))
            {
                RowCommit commit = new();
                foreach (var row in chunk)
                {
                    commit.Add(RowOperation.Delete(StoredWait.From(row).Address));
                }

                await store.CommitAsync(commit, cancellationToken);
                foreach (var wait in chunk.Select(StoredWait.From).Where(wait => wait.Owner != self))
                {
                    Tell(wait.Owner, wait.Instance);
                }
            }
        }
    }

    private async ValueTask<bool> IsWaitingAsync(StoredWait wait, StoredLimit limit, CancellationToken cancellationToken)
    {
        if (
            limit.Slots.Any(slot => slot.IsKeptFor(wait.Owner))
            || await store.GetAsync(wait.Owner.Row, cancellationToken) is not { } row
            || SlotLeaseText.Read(row) is not null
        )
        {
            return false;
        }

        var taskRun = wait.Owner.TaskRunId is null ? null : RowDocs.Read<TaskRun>(row);
        if (
            taskRun?.FlowRunId is not null
            && (
                await store.GetAsync(new SlotOwner(wait.Owner.RunId).Row, cancellationToken) is not { } parent
                || StoredFlowRun.From(parent)?.Run.StateType != StateType.Running
            )
        )
        {
            // A task run of a flow that is paused, or over, takes no slot; it would keep it from all others. It queues again, in its old
            // place, when the flow resumes.
            return false;
        }

        var state = taskRun is null ? StoredFlowRun.From(row)?.Run.State : taskRun.State;
        return state is { Type: StateType.Pending or StateType.Scheduled } && StoredWait.SinceOf(state) == wait.Since;
    }
}
