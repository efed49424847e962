using System.Collections.Concurrent;
using Serverless.Core.Ids;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Which slots of the limits are taken. A slot is taken here first, and then the run's row is written. It is released in the commit of the
/// run's row. So at least as many slots are taken here as runs hold. A crash in between leaves a slot too many, which
/// <see cref="SlotSweep"/> releases.
/// </summary>
internal sealed class SlotBook(IRowStore store, TimeProvider time, IIdGenerator ids, CommitRetry retry)
{
    /// <summary>Most expired slots that go with the taking of one: it needs two operations of the hundred of a commit.</summary>
    private const int MaxFreed = 90;

    private const string LimitsProperty = "limits";

    private readonly LimitReader _reader = new(store);

    // How long the slots were held that were released since the limit's row was last written.
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<TimeSpan>> _held = new();

    // Those of this process that take slots of one limit do so one after the other, instead of refusing each other's commits.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// Does what has to be done before a run's row says that the run holds a lease: takes it when it is a new one, renews it when it has
    /// another end. False when that cannot be: the limits are not, or the lease is not, as they were when that was decided.
    /// </summary>
    /// <param name="held">What the run holds; null for nothing.</param>
    /// <param name="wanted">What it is going to hold.</param>
    /// <param name="owner">The run.</param>
    /// <param name="known">The limits as they were read.</param>
    /// <param name="inTurn">True for a run that does not overtake those who wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> TryPrepareAsync(
        SlotLease? held,
        SlotLease? wanted,
        SlotOwner owner,
        IReadOnlyList<StoredLimit> known,
        bool inTurn,
        CancellationToken cancellationToken
    )
    {
        if (wanted is null || (wanted.Id == held?.Id && wanted.Expires == held.Expires))
        {
            return true;
        }

        return wanted.Id == held?.Id
            ? await TryRenewAsync(wanted, cancellationToken)
            : await TryClaimAsync(wanted, owner, known, inTurn, cancellationToken);
    }

    /// <summary>Adds to the commit of a run's state the release of slots that it no longer holds.</summary>
    public static void AddRelease(RowCommit commit, SlotLease? held, SlotLease? kept)
    {
        if (held is not null && held.Id != kept?.Id)
        {
            foreach (var limitId in held.LimitIds)
            {
                commit.AddDerived(RowOperation.Delete(ConcurrencyKeys.Slot(limitId, held.Id)));
            }

            Forget(commit, held);
        }
    }

    /// <summary>
    /// Slots were released. The next slot that is taken adds their times to the limit's average.
    /// </summary>
    public void OnReleased(SlotLease lease, TimeSpan held)
    {
        foreach (var limitId in lease.LimitIds)
        {
            _held.GetOrAdd(limitId, static _ => new ConcurrentQueue<TimeSpan>()).Enqueue(held);
        }
    }

    /// <summary>The run did not come to hold what was prepared: takes it back.</summary>
    public async Task UndoAsync(SlotLease? held, SlotLease? wanted, CancellationToken cancellationToken)
    {
        if (wanted is not null && wanted.Id != held?.Id)
        {
            await GiveBackAsync(wanted, cancellationToken);
        }
    }

    /// <summary>Takes a slot of each of the lease's limits; when one has none left, or is gone or not enforced any more, of none.</summary>
    private async Task<bool> TryClaimAsync(
        SlotLease lease,
        SlotOwner owner,
        IReadOnlyList<StoredLimit> known,
        bool inTurn,
        CancellationToken cancellationToken
    )
    {
        var taken = await ClaimAsync(new SlotClaim(lease, owner), known, inTurn, cancellationToken);
        if (taken.Count == lease.LimitIds.Count)
        {
            return true;
        }

        await GiveBackAsync(lease with { LimitIds = taken }, cancellationToken);
        return false;
    }

    /// <summary>
    /// Takes slots of one after the other of a lease's limits, until one has too few left, or is gone or not enforced any more.
    /// </summary>
    /// <param name="claim">What is wanted.</param>
    /// <param name="known">The limits as they were read, and found to have slots.</param>
    /// <param name="inTurn">True for one that does not overtake those who wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The limits of which slots were taken. If these are not all, the caller gives them back.</returns>
    public async Task<IReadOnlyList<Guid>> ClaimAsync(
        SlotClaim claim,
        IReadOnlyList<StoredLimit> known,
        bool inTurn,
        CancellationToken cancellationToken
    )
    {
        List<Guid> taken = [];
        foreach (var limitId in claim.Lease.LimitIds.Order())
        {
            StoredLimit? limit = known.FirstOrDefault(limit => limit.Id == limitId);
            var own = limit?.Slots.FirstOrDefault(slot => slot.LeaseId == claim.Lease.Id);
            var isTaken = own is { Client: null }
                ? await TryConfirmAsync(own, cancellationToken)
                : (limit is not null && own is null && await TryTakeAsync(limit, claim, cancellationToken))
                    || await TryTakeInTurnAsync(limitId, claim, inTurn, cancellationToken);
            if (!isTaken)
            {
                break;
            }

            taken.Add(limitId);
        }

        return taken;
    }

    /// <summary>
    /// Takes slots of a limit that is as it was read for those who wait next, and takes them and those who wait no more out of the queue.
    /// The slots that have expired go with the same commit.
    /// A run that does not come for its slot loses it to the sweep.
    /// </summary>
    public async Task<bool> TryGrantAsync(
        StoredLimit limit,
        IReadOnlyList<StoredWait> next,
        IReadOnlyList<StoredWait> gone,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        List<StoredSlot> expired = [.. limit.Slots.Where(slot => !slot.IsLive(now))];
        if (expired.Count + next.Count > MaxFreed)
        {
            await RemoveAsync([.. expired.Take(MaxFreed)], cancellationToken);
            return false;
        }

        _held.TryRemove(limit.Id, out var held);
        RowCommit commit = new();
        Remove(commit, expired);
        var taken = limit.Observe(held ?? []).Taking(next.Count, now);
        commit.Add(RowOperation.Replace(ConcurrencyKeys.Limit(limit.Id), taken.Properties(), limit.ETag));
        foreach (var wait in next)
        {
            commit.Add(
                RowOperation.Insert(
                    ConcurrencyKeys.Slot(limit.Id, ids.NewId()),
                    new StoredSlot(limit.Id, default, wait.Owner, now, limit.EndOfSlot(null, now), "", wait.Instance).Properties()
                )
            );
        }

        foreach (var wait in next.Concat(gone))
        {
            commit.AddDerived(RowOperation.Delete(wait.Address));
        }

        var granted = (await store.CommitAsync(commit, cancellationToken)).Succeeded;
        if (!granted && held is not null)
        {
            _held.TryAdd(limit.Id, held);
        }

        return granted;
    }

    /// <summary>
    /// Comes for a slot that was kept: from now on it is like one that the run took itself, just now, and is not found as a kept one again.
    /// False when the sweep was faster.
    /// </summary>
    private async Task<bool> TryConfirmAsync(StoredSlot granted, CancellationToken cancellationToken) =>
        (
            await store.CommitAsync(
                new RowCommit().Add(
                    RowOperation.Replace(
                        granted.Address,
                        (granted with { Claimed = time.GetUtcNow(), Instance = null }).Properties(),
                        granted.ETag
                    )
                ),
                cancellationToken
            )
        ).Succeeded;

    /// <summary>Takes back what was claimed for a run that came not to hold it.</summary>
    private async Task GiveBackAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        foreach (var limitId in lease.LimitIds)
        {
            var commit = new RowCommit().Add(RowOperation.Delete(ConcurrencyKeys.Slot(limitId, lease.Id)));
            Forget(commit, lease);
            await store.CommitAsync(commit, cancellationToken);
        }
    }

    /// <summary>Gives a lease another end; false when it is gone or has expired: it is not brought back.</summary>
    public async Task<bool> TryRenewAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        foreach (var limitId in lease.LimitIds)
        {
            if (!await TryRenewAsync(limitId, lease, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives a lease that a client renews another end; false when it is gone or has expired.</summary>
    public async Task<bool> TryRenewAsync(Guid leaseId, DateTimeOffset expires, CancellationToken cancellationToken) =>
        await LimitsOfAsync(leaseId, cancellationToken) is { } limitIds
        && await TryRenewAsync(new SlotLease(leaseId, limitIds, expires), cancellationToken);

    /// <summary>The limits of which a lease that can be renewed has slots; null when there is no such lease.</summary>
    public async ValueTask<IReadOnlyList<Guid>?> LimitsOfAsync(Guid leaseId, CancellationToken cancellationToken) =>
        await store.GetAsync(ConcurrencyKeys.Lease(leaseId), cancellationToken) is { } row
            ? SlotLeaseText.ParseIds(row.Properties.Get<string>(LimitsProperty)!)
            : null;

    /// <summary>Removes slots of one limit, unless they have been renewed since they were read. At most <see cref="MaxFreed"/>.</summary>
    /// <returns>How many were removed: all or none.</returns>
    public async Task<int> RemoveAsync(IReadOnlyList<StoredSlot> slots, CancellationToken cancellationToken)
    {
        RowCommit commit = new();
        Remove(commit, slots);
        return slots.Count > 0 && (await store.CommitAsync(commit, cancellationToken)).Succeeded ? slots.Count : 0;
    }

    /// <summary>Releases all slots of a limit except those of some runs, in bounded steps.</summary>
    public async Task ClearAsync(Guid limitId, IReadOnlyCollection<Guid> kept, CancellationToken cancellationToken)
    {
        var slots = RowRange.Prefix(ConcurrencyKeys.Limits, ConcurrencyKeys.Partition(limitId), ConcurrencyKeys.SlotPrefix);
        string? continuation = null;
        do
        {
            var page = await store.QueryAsync(slots, MaxFreed, continuation, cancellationToken);
            RowCommit commit = new();
            foreach (var slot in page.Rows.Select(StoredSlot.From).Where(slot => slot.HolderId is not { } holder || !kept.Contains(holder)))
            {
                commit.Add(RowOperation.Delete(slot.Address));
                Forget(commit, slot.Lease);
            }

            if (commit.Operations.Count > 0)
            {
                await store.CommitAsync(commit, cancellationToken);
            }

            continuation = page.Continuation;
        } while (continuation is not null);
    }

    private async Task<bool> TryTakeInTurnAsync(Guid limitId, SlotClaim claim, bool inTurn, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)limitId.GetHashCode() % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (await _reader.ReadAsync(limitId, cancellationToken) is { Active: true } limit)
            {
                // Another request of the same client may have taken it.
                var own = limit.Slots.FirstOrDefault(slot => slot.LeaseId == claim.Lease.Id);
                if (own?.IsLive(time.GetUtcNow()) is true)
                {
                    return true;
                }

                if (!limit.HasFreeSlots(claim.Count, time.GetUtcNow()) || (inTurn && limit.HasQueue))
                {
                    return false;
                }

                if (own is not null)
                {
                    await RemoveAsync([own], cancellationToken);
                }
                else if (await TryTakeAsync(limit, claim, cancellationToken))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Takes a slot of a limit that is as it was read; the slots that have expired go with the same commit, so that nobody renews them
    /// meanwhile.
    /// </summary>
    private async Task<bool> TryTakeAsync(StoredLimit limit, SlotClaim claim, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<StoredSlot> expired = [.. limit.Slots.Where(slot => !slot.IsLive(now))];
        if (expired.Count > MaxFreed)
        {
            await RemoveAsync(expired[..MaxFreed], cancellationToken);
            return false;
        }

        _held.TryRemove(limit.Id, out var held);
        RowCommit commit = new();
        var isCounted = claim.IsOnlyCountedOf(limit);
        var taken = limit.Observe(held ?? []);
        taken = isCounted ? taken.Counting(claim.Count, now) : taken.Taking(claim.Count, now);
        commit.Add(RowOperation.Replace(ConcurrencyKeys.Limit(limit.Id), taken.Properties(), limit.ETag));
        if (!isCounted)
        {
            var slot = claim.SlotOf(limit, now);
            commit.Add(RowOperation.Insert(slot.Address, slot.Properties()));
            if (slot.Lease.Expires is not null && claim.Lease.Expires is not null)
            {
                commit.AddDerived(
                    RowOperation.Upsert(
                        ConcurrencyKeys.Lease(claim.Lease.Id),
                        new RowProperties { { LimitsProperty, SlotLeaseText.FormatIds(claim.Lease.LimitIds) } }
                    )
                );
            }
        }

        Remove(commit, expired);

        var isTaken = (await store.CommitAsync(commit, cancellationToken)).Succeeded;
        if (!isTaken && held is not null)
        {
            _held.TryAdd(limit.Id, held);
        }

        return isTaken;
    }

    private Task<bool> TryRenewAsync(Guid limitId, SlotLease lease, CancellationToken cancellationToken) =>
        retry.RunAsync<bool>(
            async token =>
            {
                if (await store.GetAsync(ConcurrencyKeys.Slot(limitId, lease.Id), token) is not { } row)
                {
                    return false;
                }

                var slot = StoredSlot.From(row);
                if (!slot.IsLive(time.GetUtcNow()))
                {
                    return false;
                }

                if (slot.Expires is null || slot.Expires >= lease.Expires)
                {
                    // Another call has renewed it for longer, and the run's row may name that one: an expiry never moves back.
                    return true;
                }

                var commit = new RowCommit().Add(
                    RowOperation.Replace(slot.Address, (slot with { Expires = lease.Expires }).Properties(), slot.ETag)
                );
                if (lease.Expires is null)
                {
                    Forget(commit, slot.Lease);
                }

                return (await store.CommitAsync(commit, token)).Succeeded ? true : default(TryResult<bool>);
            },
            cancellationToken
        );

    private static void Remove(RowCommit commit, IReadOnlyList<StoredSlot> slots)
    {
        foreach (var slot in slots)
        {
            commit.Add(RowOperation.Delete(slot.Address, slot.ETag));
            Forget(commit, slot.Lease);
        }
    }

    /// <summary>Nobody finds the lease by its id any more; one that does not expire nobody could.</summary>
    public static void Forget(RowCommit commit, SlotLease lease)
    {
        if (lease.Expires is not null)
        {
            commit.AddDerived(RowOperation.Delete(ConcurrencyKeys.Lease(lease.Id)));
        }
    }
}
