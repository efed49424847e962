using Serverless.Core.Ids;
using Serverless.Core.Models;
using Serverless.Core.States;
using Serverless.Core.Transitions;
using Serverless.Server.Deployments;
using Serverless.Server.Outbox;
using Serverless.Server.Queries;
using Serverless.Server.Runs;
using Serverless.Server.Runs.Writing;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>Concurrency limits: how many runs may be active at once that share a tag, a deployment or another name.</summary>
public sealed class ConcurrencyLimits
{
    private static readonly Comparer<StoredLimit> ByName = Comparer<StoredLimit>.Create(
        (one, other) => string.CompareOrdinal(one.Name, other.Name)
    );

    private readonly IRowStore _store;
    private readonly TimeProvider _time;
    private readonly IIdGenerator _ids;
    private readonly LimitReader _reader;
    private readonly LimitNames _names;
    private readonly CommitRetry _retry;

    /// <summary>Creates the service.</summary>
    public ConcurrencyLimits(
        IRowStore store,
        TimeProvider time,
        IIdGenerator ids,
        DeploymentService deployments,
        IOutboxAnnouncer announcer,
        CommitRetry retry
    )
    {
        _store = store;
        _time = time;
        _ids = ids;
        _retry = retry;
        _reader = new LimitReader(store);
        _names = new LimitNames(store, _reader);
        Book = new SlotBook(store, time, ids, retry);
        Queue = new SlotQueue(store, time, _reader, Book, announcer);
        Lookup = new LimitLookup(_reader, deployments, time);
        Overlaps = new SlotOverlaps(store, time, Lookup);
        Clients = new ClientSlots(store, time, ids, _reader, Book, Queue, retry);
    }

    /// <summary>Which slots are taken.</summary>
    internal SlotBook Book { get; }

    /// <summary>The slots that clients take by themselves.</summary>
    internal ClientSlots Clients { get; }

    /// <summary>Who waits for slots.</summary>
    internal SlotQueue Queue { get; }

    /// <summary>Which runs are cancelled for newer ones.</summary>
    internal SlotOverlaps Overlaps { get; }

    /// <summary>Which limits a run is bound by.</summary>
    internal LimitLookup Lookup { get; }

    /// <summary>Whether a deployment has a limit that is enforced.</summary>
    public async ValueTask<bool> LimitsDeploymentAsync(Guid deploymentId, CancellationToken cancellationToken = default) =>
        await Lookup.OfDeploymentAsync(deploymentId, cancellationToken: cancellationToken) is { Limit.Active: true };

    /// <summary>A run's row was written: the slots it released go to the runs that wait.</summary>
    internal async ValueTask OnWrittenAsync(SlotLease? held, SlotLease? kept, CancellationToken cancellationToken)
    {
        if (held is not null && held.Id != kept?.Id)
        {
            await Queue.OnReleasedAsync(held.LimitIds, cancellationToken);
        }
    }

    /// <summary>A run is gone, or ends, that held a slot or waited for one.</summary>
    internal async ValueTask OnGoneAsync(StoredFlowRun stored, CancellationToken cancellationToken)
    {
        await OnWrittenAsync(stored.Lease, null, cancellationToken);
        if (
            stored
                is { Registered: true, Lease: null, Run: { StateName: StateNames.AwaitingConcurrencySlot, DeploymentId: { } deploymentId } }
            && await Lookup.OfDeploymentAsync(deploymentId, cancellationToken: cancellationToken) is { Limit: { } limit }
        )
        {
            // A slot that has been kept for it is the next one's.
            await Queue.LeaveAsync([limit.Id], new SlotOwner(stored.Run.Id), cancellationToken);
        }
    }

    /// <summary>A run's row could not be written: the slots taken for it are released and go to the runs that wait.</summary>
    internal async ValueTask UndoAsync(SlotLease? held, SlotLease? wanted, CancellationToken cancellationToken)
    {
        await Book.UndoAsync(held, wanted, cancellationToken);
        await OnWrittenAsync(wanted, held, cancellationToken);
    }

    /// <summary>Creates a limit.</summary>
    /// <exception cref="RequestConflictException">There is one of that name.</exception>
    internal Task<StoredLimit> CreateAsync(string name, LimitChanges settings, CancellationToken cancellationToken)
    {
        var now = WireClock.Now(_time);
        return _retry.RunAsync<StoredLimit>(
            async token =>
            {
                if (await _names.TryFreeAsync(name, null, token) is not { } free)
                {
                    return default;
                }

                if (free.Home is not null)
                {
                    return await CreateElsewhereAsync(name, settings, token);
                }

                var id = ConcurrencyKeys.IdOf(name);
                var created = New(id, name, now).With(settings, now);
                var result = await _store.CommitAsync(
                    new RowCommit().Add(RowOperation.Insert(ConcurrencyKeys.Limit(id), created.Properties())).Add(free.ClaimFor(id)),
                    token
                );
                if (!result.Succeeded)
                {
                    return default;
                }

                Lookup.OnNamed(name);
                return created with { ETag = result.ETags[0]! };
            },
            cancellationToken
        );
    }

    /// <summary>
    /// Another limit has the id of the name, because it was created with it: the new one gets an id of its own, and then the name. A crash
    /// in between leaves a row that nobody sees.
    /// </summary>
    private async Task<StoredLimit> CreateElsewhereAsync(string name, LimitChanges settings, CancellationToken cancellationToken)
    {
        var now = WireClock.Now(_time);
        var nameless = New(_ids.NewId(), "", now);
        await _store.CommitAsync(
            new RowCommit().Add(RowOperation.Insert(ConcurrencyKeys.Limit(nameless.Id), nameless.Properties())),
            cancellationToken
        );
        try
        {
            return await UpdateAsync(nameless.Id, settings with { Name = name }, cancellationToken)
                ?? throw new InvalidOperationException($"The row of the new limit '{name}' is gone.");
        }
        catch (RequestConflictException)
        {
            await DeleteAsync(nameless.Id, cancellationToken);
            throw;
        }
    }

    private static StoredLimit New(Guid id, string name, DateTimeOffset now) =>
        new(id, name, 0, Active: true, StoredLimit.FirstOccupancy, now, now, "", []);

    /// <summary>A limit; null when there is none.</summary>
    internal async ValueTask<StoredLimit?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await _reader.ReadAsync(id, cancellationToken) is { IsNamed: true } limit ? limit : null;

    /// <summary>A limit; null when there is none.</summary>
    internal ValueTask<StoredLimit?> GetAsync(string name, CancellationToken cancellationToken) =>
        _reader.ReadAsync(name, cancellationToken);

    /// <summary>The limits of a page, in the order of their names.</summary>
    /// <param name="page">The page.</param>
    /// <param name="tags">True for those of tags only.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<IReadOnlyList<StoredLimit>> ListAsync(Page page, bool tags, CancellationToken cancellationToken) =>
        ListAsync(page, limit => !tags || limit.IsTags, cancellationToken);

    /// <summary>The limits of a page of those that are wanted, in the order of their names. All limits are read.</summary>
    internal Task<IReadOnlyList<StoredLimit>> ListAsync(Page page, Func<StoredLimit, bool> isWanted, CancellationToken cancellationToken) =>
        page.SortAsync(_reader.AllAsync(cancellationToken).Where(isWanted), ByName);

    /// <summary>The limits of which the greatest part is taken. All limits are read.</summary>
    internal Task<IReadOnlyList<StoredLimit>> FullestAsync(int most, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return Page.Of(0, most)
            .SortAsync(
                _reader.AllAsync(cancellationToken),
                Comparer<StoredLimit>.Create(
                    (one, other) => PartOf(other).CompareTo(PartOf(one)) is not 0 and var order ? order : ByName.Compare(one, other)
                )
            );

        double PartOf(StoredLimit limit) => (double)limit.ActiveSlots(now) / Math.Max(1, limit.Limit);
    }

    /// <summary>
    /// Changes a limit. Runs keep the slots they hold, also when there are fewer from now on, or it has another name. Null when there is no
    /// such limit.
    /// </summary>
    /// <exception cref="RequestConflictException">Another limit has the name.</exception>
    internal async Task<StoredLimit?> UpdateAsync(Guid id, LimitChanges changes, CancellationToken cancellationToken)
    {
        var updated = await TryUpdateAsync(id, changes, cancellationToken);
        if (updated is not null && changes.ActiveSlots is { } active)
        {
            await Clients.ReleaseDownToAsync(id, active);
        }

        return updated;
    }

    private Task<StoredLimit?> TryUpdateAsync(Guid id, LimitChanges changes, CancellationToken cancellationToken) =>
        _retry.RunAsync<StoredLimit?>(
            async token =>
            {
                if (await _reader.ReadAsync(id, token) is not { } stored)
                {
                    return new TryResult<StoredLimit?>(null);
                }

                var changed = stored.With(changes, WireClock.Now(_time));
                return changed.Name == stored.Name
                    ? await TryReplaceAsync(stored, changed, token)
                    : await TryRenameAsync(stored, changed, token);
            },
            cancellationToken
        );

    private async Task<TryResult<StoredLimit?>> TryReplaceAsync(
        StoredLimit stored,
        StoredLimit changed,
        CancellationToken cancellationToken
    )
    {
        var result = await _store.CommitAsync(
            new RowCommit().Add(RowOperation.Replace(ConcurrencyKeys.Limit(stored.Id), changed.Properties(), stored.ETag)),
            cancellationToken
        );
        if (!result.Succeeded)
        {
            return default;
        }

        await Queue.OnReleasedAsync([stored.Id], cancellationToken);
        return changed with { ETag = result.ETags[0]! };
    }

    private async Task<TryResult<StoredLimit?>> TryRenameAsync(StoredLimit stored, StoredLimit changed, CancellationToken cancellationToken)
    {
        if (!await _names.TryRenameAsync(stored, changed, cancellationToken))
        {
            return default;
        }

        Lookup.OnNamed(changed.Name);
        await Overlaps.ClearAsync(stored.Id, cancellationToken);
        await Queue.OnReboundAsync(stored.Id, cancellationToken);
        return changed;
    }

    /// <summary>Creates a limit, or gives the one of that name another number of slots.</summary>
    internal Task<(StoredLimit Limit, bool Created)> EnsureAsync(string name, int limit, CancellationToken cancellationToken) =>
        _retry.RunAsync<(StoredLimit Limit, bool Created)>(
            async token =>
            {
                if (await _reader.ReadAsync(name, token) is { } known)
                {
                    return await UpdateAsync(known.Id, new LimitChanges(limit), token) is { } updated
                        ? (updated, false)
                        : default(TryResult<(StoredLimit Limit, bool Created)>);
                }

                try
                {
                    return (await CreateAsync(name, new LimitChanges(limit), token), true);
                }
                catch (RequestConflictException)
                {
                    // Another request has just created it: the next try changes that limit.
                    return default;
                }
            },
            cancellationToken
        );

    /// <summary>
    /// Deletes a limit and the slots taken of it: first its row, so that no slot is taken any more. False when there is no such limit.
    /// </summary>
    internal Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        _retry.RunAsync<bool>(
            async token =>
            {
                if (await _reader.ReadAsync(id, token) is not { } limit)
                {
                    return false;
                }

                if (!await _names.TryDeleteAsync(limit, token))
                {
                    return default;
                }

                await Book.ClearAsync(id, [], token);
                await Overlaps.ClearAsync(id, token);
                await Queue.OnReleasedAsync([id], token);
                return true;
            },
            cancellationToken
        );

    /// <summary>
    /// Takes one lease's slots of a limit from whoever holds them; of a client's lease those of its other limits, too. False when there are
    /// none.
    /// </summary>
    internal async Task<bool> ReleaseAsync(Guid id, Guid leaseId, CancellationToken cancellationToken)
    {
        if ((await _reader.ReadAsync(id, cancellationToken))?.Slots.FirstOrDefault(slot => slot.LeaseId == leaseId) is not { } slot)
        {
            return false;
        }

        if (slot.Client is { IsLeased: true })
        {
            await Clients.ReleaseLeaseAsync(leaseId, cancellationToken);
            return true;
        }

        // A run's own row still names the lease. What it releases in the end is gone already, as after a reset.
        var commit = new RowCommit().Add(RowOperation.Delete(slot.Address));
        SlotBook.Forget(commit, slot.Lease);
        await _store.CommitAsync(commit, cancellationToken);
        await Queue.OnReleasedAsync([id], cancellationToken);
        return true;
    }

    /// <summary>Takes the slots of a limit from all but some runs. False when there is no such limit.</summary>
    internal async Task<bool> ResetAsync(Guid id, IReadOnlyCollection<Guid> kept, CancellationToken cancellationToken)
    {
        if (await _store.GetAsync(ConcurrencyKeys.Limit(id), cancellationToken) is null)
        {
            return false;
        }

        await Book.ClearAsync(id, kept, cancellationToken);
        await UpdateAsync(id, new LimitChanges(ActiveSlots: 0), cancellationToken);
        return true;
    }

    /// <summary>
    /// A deployment has another limit from now on. Its runs that wait for a slot of the former one look, and so do all others in that
    /// queue: they queue again in their old places. What runs hold, they give back where they took it.
    /// </summary>
    internal async Task OnBoundAsync(Guid deploymentId, Guid formerId, CancellationToken cancellationToken)
    {
        Lookup.OnNamed(ConcurrencyKeys.NameOfDeployment(deploymentId));
        await Queue.OnReboundAsync(formerId, cancellationToken);
    }

    /// <summary>
    /// Gives a deployment a limit of its own; null takes that away. It does not count while the deployment shares a limit with others.
    /// </summary>
    public Task SetDeploymentLimitAsync(Guid deploymentId, int? limit, CancellationToken cancellationToken = default) =>
        SetAsync(ConcurrencyKeys.NameOfDeployment(deploymentId), limit, cancellationToken);

    /// <summary>Gives the task runs with a tag a limit; null takes it away.</summary>
    public Task SetTagLimitAsync(string tag, int? limit, CancellationToken cancellationToken = default) =>
        SetAsync(ConcurrencyKeys.NameOfTag(tag), limit, cancellationToken);

    /// <summary>A deployment with its limit.</summary>
    internal async ValueTask<Deployment> ShowAsync(Deployment deployment, CancellationToken cancellationToken) =>
        Show(deployment, await Lookup.FindAsync(deployment, cancellationToken));

    /// <summary>Deployments with their limits.</summary>
    internal async Task<IReadOnlyList<Deployment>> ShowAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        if (deployments.Count == 0)
        {
            return deployments;
        }

        var limits = await _reader.AllAsync(cancellationToken).ToDictionaryAsync(limit => limit.Id, cancellationToken: cancellationToken);
        return [.. deployments.Select(deployment => Show(deployment, Find(deployment)))];

        StoredLimit? Find(Deployment deployment) =>
            deployment.GlobalConcurrencyLimit is not { } shared ? limits.GetValueOrDefault(ConcurrencyKeys.IdOfDeployment(deployment.Id))
            : limits.GetValueOrDefault(shared.Id) is { } limit && limit.Is(shared) ? limit
            : null;
    }

    private async Task SetAsync(string name, int? limit, CancellationToken cancellationToken)
    {
        if (limit is { } slots)
        {
            await EnsureAsync(name, slots, cancellationToken);
        }
        else if (await _reader.ReadAsync(name, cancellationToken) is { } known)
        {
            await DeleteAsync(known.Id, cancellationToken);
        }
    }

    private Deployment Show(Deployment deployment, StoredLimit? limit) =>
        deployment with
        {
            GlobalConcurrencyLimit = limit?.Show(_time.GetUtcNow()),
        };
}
