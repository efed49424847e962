using System.Net;
using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.Transitions;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Slots that clients take and release by requests of their own. They are in the same book as those of runs. A client asks again until it
/// has them, and overtakes no run that waits in turn.
/// </summary>
internal sealed class ClientSlots(
    IRowStore store,
    TimeProvider time,
    IIdGenerator ids,
    LimitReader reader,
    SlotBook book,
    SlotQueue queue,
    CommitRetry retry
)
{
    /// <summary>
    /// For how long slots are held that nobody renews because they have no lease. A client whose answer was lost does not know that it has
    /// them, so they must end at some time.
    /// </summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromDays(7);

    /// <summary>For how long slots of several limits are held while those of the others are taken: a crash leaves them no longer.</summary>
    public static readonly TimeSpan ClaimHold = TimeSpan.FromMinutes(1);

    private static readonly Guid TaskRunLeases = new("5f0a7f8e-7b0c-4c51-9a3e-0f1f2f6e5f3a");

    /// <summary>The lease of slots of limits that are not there, or not enforced: it is not stored, and can always be renewed.</summary>
    public static Guid NoSlots { get; } = StableIds.From(TaskRunLeases, "none");

    private readonly DeniedSlots _denied = new(time, ids);

    /// <summary>Takes slots of all limits that are enforced, or of none.</summary>
    /// <param name="names">The limits; those that are not there do not count.</param>
    /// <param name="slots">How many of each.</param>
    /// <param name="duration">For how long the slots are held unless they are renewed; null for slots without a lease.</param>
    /// <param name="holder">Whom the client takes them for.</param>
    /// <param name="isRateLimit">True if the limits have to be rate limits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RequestRefusedException">They can never be had.</exception>
    public async Task<SlotsAnswer> TakeAsync(
        IReadOnlyList<string> names,
        int slots,
        TimeSpan? duration,
        ConcurrencyLeaseHolder? holder,
        bool isRateLimit,
        CancellationToken cancellationToken
    )
    {
        var limits = await ReadAsync(names, cancellationToken);
        StoredLimit[] active = [.. limits.Where(limit => limit.Active)];
        Check(active, slots, isRateLimit);
        var leaseId = duration is null || active.Length > 0 ? ids.NewId() : NoSlots;
        ClientHold hold = new(duration is not null) { Holder = duration is null ? null : holder };
        var answer = await TakeAsync(new SlotsAnswer(limits), active, leaseId, slots, duration, hold);
        return duration is null ? answer : answer with { LeaseId = leaseId };
    }

    /// <summary>Takes a slot of the limit of each tag for a task run, unless it has one; of all or of none.</summary>
    /// <exception cref="RequestRefusedException">A limit has no slots at all.</exception>
    public async Task<SlotsAnswer> TakeForTaskRunAsync(IReadOnlyList<string> tags, Guid taskRunId, CancellationToken cancellationToken)
    {
        var limits = await ReadAsync(tags.Select(ConcurrencyKeys.NameOfTag), cancellationToken);
        if (limits.FirstOrDefault(limit => limit.Limit == 0) is { } none)
        {
            throw new RequestRefusedException(
                HttpStatusCode.Locked,
                $"The concurrency limit on tag \"{ConcurrencyKeys.TagOf(none.Name)}\" is 0 "
                    + "and will deadlock if the task tries to run again."
            );
        }

        // An answer may have been lost, and the server's own rules may have given the task run its slot.
        var now = time.GetUtcNow();
        StoredLimit[] active = [.. limits.Where(limit => limit.Active)];
        StoredLimit[] missing = [.. active.Where(limit => !limit.Slots.Any(slot => slot.HolderId == taskRunId && slot.IsLive(now)))];
        ClientHold hold = new(IsLeased: false)
        {
            Holder = new ConcurrencyLeaseHolder { Type = LeaseHolderType.TaskRun, Id = taskRunId },
        };
        var leaseId = StableIds.From(TaskRunLeases, taskRunId.ToString("N"));
        return await TakeAsync(new SlotsAnswer(active), missing, leaseId, 1, null, hold);
    }

    /// <summary>
    /// Releases slots that were taken without a lease. A number above what there is releases what there is: the slots of runs and leases
    /// stay.
    /// </summary>
    /// <param name="names">The limits.</param>
    /// <param name="slots">How many of each.</param>
    /// <param name="occupancy">For how long they were held together, if the client says so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The limits that there are.</returns>
    public async Task<IReadOnlyList<StoredLimit>> ReleaseAsync(
        IReadOnlyList<string> names,
        int slots,
        TimeSpan? occupancy,
        CancellationToken cancellationToken
    )
    {
        var limits = await ReadAsync(names, cancellationToken);
        foreach (var limit in limits.Where(limit => limit.Active))
        {
            await ReleaseAsync(limit.Id, _ => slots, occupancy / slots);
        }

        return limits;
    }

    /// <summary>
    /// Releases what was taken of a limit without a lease, so that no more than some slots are taken, as far as that goes.
    /// </summary>
    public Task ReleaseDownToAsync(Guid limitId, int slots) =>
        ReleaseAsync(limitId, limit => Math.Max(0, limit.ActiveSlots(time.GetUtcNow()) - slots), null);

    /// <summary>Releases the slots of a lease; none when there is no such lease any more, or when it is a run's.</summary>
    public async Task ReleaseLeaseAsync(Guid leaseId, CancellationToken cancellationToken)
    {
        if (await book.LimitsOfAsync(leaseId, cancellationToken) is not { } limitIds)
        {
            return;
        }

        // What a crash leaves, the same request finds again: the lease can be found until all is released.
        var isForgotten = false;
        foreach (var limitId in limitIds)
        {
            if (await ReleaseSlotAsync(limitId, leaseId, isKnown: limitIds.Count > 1) is not { } isReleased)
            {
                return;
            }

            isForgotten = isReleased && limitIds.Count == 1;
        }

        if (!isForgotten)
        {
            await store.CommitAsync(new RowCommit().Add(RowOperation.Delete(ConcurrencyKeys.Lease(leaseId))), CancellationToken.None);
        }

        await queue.OnReleasedAsync(limitIds, CancellationToken.None);
    }

    /// <summary>Renews a lease; false when it is gone or has expired.</summary>
    public async Task<bool> TryRenewAsync(Guid leaseId, DateTimeOffset expires, CancellationToken cancellationToken) =>
        leaseId == NoSlots || await book.TryRenewAsync(leaseId, expires, cancellationToken);

    /// <summary>Releases the slots that a client took for a task run.</summary>
    /// <returns>The limits that there are.</returns>
    public async Task<IReadOnlyList<StoredLimit>> ReleaseOfTaskRunAsync(
        IReadOnlyList<string> tags,
        Guid taskRunId,
        CancellationToken cancellationToken
    )
    {
        var limits = await ReadAsync(tags.Select(ConcurrencyKeys.NameOfTag), cancellationToken);
        foreach (var limit in limits)
        {
            foreach (var slot in limit.Slots.Where(slot => slot.HolderId == taskRunId))
            {
                if (slot.Client is { IsLeased: true })
                {
                    await ReleaseLeaseAsync(slot.LeaseId, cancellationToken);
                }
                else if (slot.Client is not null)
                {
                    await ReleaseSlotAsync(limit.Id, slot.LeaseId, isKnown: false);
                    await queue.OnReleasedAsync([limit.Id], CancellationToken.None);
                }
            }
        }

        return limits;
    }

    /// <summary>The limits that there are of some names, each once.</summary>
    private async Task<IReadOnlyList<StoredLimit>> ReadAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        List<StoredLimit> limits = [];
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (await reader.ReadAsync(name, cancellationToken) is { } limit)
            {
                limits.Add(limit);
            }
        }

        return limits;
    }

    private static void Check(IReadOnlyList<StoredLimit> active, int slots, bool isRateLimit)
    {
        if (active.Any(limit => limit.Limit < slots))
        {
            throw new RequestRefusedException(HttpStatusCode.UnprocessableEntity, "Slots requested is greater than the limit");
        }

        if (isRateLimit && string.Join(',', active.Where(limit => limit.Decay <= 0).Select(limit => limit.Name)) is { Length: > 0 } steady)
        {
            throw new RequestRefusedException(
                HttpStatusCode.UnprocessableEntity,
                "Only concurrency limits with slot decay can be used for rate limiting. "
                    + $"The following limits do not have a decay configured: '{steady}'"
            );
        }
    }

    // From here on the request of a client that has gone is no reason to stop halfway.
    private async Task<SlotsAnswer> TakeAsync(
        SlotsAnswer answer,
        IReadOnlyList<StoredLimit> limits,
        Guid leaseId,
        int slots,
        TimeSpan? duration,
        ClientHold hold
    )
    {
        List<StoredLimit> known = [];
        foreach (var limit in limits)
        {
            known.Add(await InTurnAsync(limit));
        }

        var now = time.GetUtcNow();
        if (known.FirstOrDefault(limit => !limit.HasFreeSlots(slots, now) || limit.HasQueue) is { } full)
        {
            return Denied(answer, limits, slots, full);
        }

        var isProvisional = duration is null && known.Count > 1;
        SlotLease lease = new(leaseId, [.. known.Select(limit => limit.Id)], now + (isProvisional ? ClaimHold : duration ?? LongestHold));
        SlotClaim claim = new(lease, SlotOwner.None) { Count = slots, Client = hold };
        var taken = await book.ClaimAsync(claim, known, inTurn: true, CancellationToken.None);
        if (taken.Count == known.Count && (!isProvisional || await TryKeepAsync(lease, known, claim)))
        {
            return answer;
        }

        foreach (var limitId in taken)
        {
            await GiveBackAsync(claim, limitId);
        }

        return Denied(answer, limits, slots, known.FirstOrDefault(limit => !taken.Contains(limit.Id)) ?? known[0]);
    }

    private SlotsAnswer Denied(SlotsAnswer answer, IReadOnlyList<StoredLimit> limits, int slots, StoredLimit full) =>
        answer with
        {
            RetryAfter = _denied.Deny(limits, slots),
            Full = full,
        };

    /// <summary>Has those who wait take what is free before the client does; the rows of those who do not wait any more go.</summary>
    private async Task<StoredLimit> InTurnAsync(StoredLimit limit)
    {
        if (!limit.HasQueue)
        {
            return limit;
        }

        await queue.HandOutAsync(limit.Id, null, CancellationToken.None);
        return await reader.ReadAsync(limit.Id, CancellationToken.None) ?? limit;
    }

    private Task<bool> TryKeepAsync(SlotLease lease, IReadOnlyList<StoredLimit> limits, SlotClaim claim) =>
        book.TryRenewAsync(
            lease with
            {
                LimitIds = [.. limits.Where(limit => !claim.IsOnlyCountedOf(limit)).Select(limit => limit.Id)],
                Expires = time.GetUtcNow() + LongestHold,
            },
            CancellationToken.None
        );

    private async Task GiveBackAsync(SlotClaim claim, Guid limitId)
    {
        if (await reader.ReadAsync(limitId, CancellationToken.None) is not { } limit)
        {
            return;
        }

        if (!claim.IsOnlyCountedOf(limit))
        {
            await ReleaseSlotAsync(limitId, claim.Lease.Id, isKnown: false);
        }
        else
        {
            await ReleaseAsync(limitId, _ => claim.Count, null);
        }

        await queue.OnReleasedAsync([limitId], CancellationToken.None);
    }

    /// <summary>Releases anonymous slots of a limit, in as many commits as it takes.</summary>
    private async Task ReleaseAsync(Guid limitId, Func<StoredLimit, int> count, TimeSpan? held)
    {
        int? left = null;
        do
        {
            left = await retry.RunAsync<int>(
                async token =>
                {
                    if (await reader.ReadAsync(limitId, token) is not { } limit)
                    {
                        return 0;
                    }

                    var release = AnonymousSlots.Of(limit, left ?? count(limit), time.GetUtcNow());
                    var changed = left is null && held is { } each ? release.Limit.Observe([each]) : release.Limit;
                    if (changed == limit && release.Rows.Count == 0)
                    {
                        return 0;
                    }

                    var commit = new RowCommit().Add(
                        RowOperation.Replace(ConcurrencyKeys.Limit(limitId), changed.Properties(), limit.ETag)
                    );
                    foreach (var row in release.Rows)
                    {
                        commit.Add(row);
                    }

                    return (await store.CommitAsync(commit, token)).Succeeded
                        ? release.MayGoOn
                            ? release.Left
                            : 0
                        : default(TryResult<int>);
                },
                CancellationToken.None
            );
        } while (left > 0);
        await queue.OnReleasedAsync([limitId], CancellationToken.None);
    }

    /// <summary>Releases what a client has of one limit by a lease: false when there is nothing; null when it is a run's.</summary>
    /// <param name="limitId">The limit.</param>
    /// <param name="leaseId">The lease.</param>
    /// <param name="isKnown">Whether the lease is still to be found afterwards.</param>
    private async Task<bool?> ReleaseSlotAsync(Guid limitId, Guid leaseId, bool isKnown)
    {
        var address = ConcurrencyKeys.Slot(limitId, leaseId);
        while (await store.GetAsync(address, CancellationToken.None) is { } row)
        {
            var slot = StoredSlot.From(row);
            if (slot.Client is null)
            {
                return null;
            }

            var commit = new RowCommit().Add(RowOperation.Delete(address, slot.ETag));
            if (!isKnown)
            {
                SlotBook.Forget(commit, slot.Lease);
            }

            if ((await store.CommitAsync(commit, CancellationToken.None)).Succeeded)
            {
                book.OnReleased(slot.Lease, (time.GetUtcNow() - slot.Claimed) / slot.Count);
                return true;
            }
        }

        return false;
    }
}
