using System.Collections.Concurrent;
using Serverless.Core.Transitions;
using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// Gives back the slots that nobody holds: those that were taken for a run whose row came not to say so, because of a crash in between, and
/// those whose lease has expired because a client does not renew it any more.
/// </summary>
public sealed class SlotSweep(IRowStore store, TimeProvider time)
{
    /// <summary>A slot that was taken later may just be about to be held.</summary>
    internal static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(1);

    private const int PageSize = 1000;

    private readonly SlotBook _book = new(store, time);

    // Once a run's row names a lease, only the commit that gives it back makes an end of that.
    private ConcurrentDictionary<Guid, bool> _held = new();
    private string? _continuation;

    /// <summary>Looks at the next thousand slots; those behind them are the next call's.</summary>
    /// <returns>How many slots were given back.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken = default)
    {
        RowPage page = await store.QueryAsync(RowRange.WholeTable(ConcurrencyKeys.Limits), PageSize, _continuation, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        int freed = 0;
        foreach (Row row in page.Rows.Where(row => row.RowKey != ConcurrencyKeys.LimitRow))
        {
            StoredSlot slot = StoredSlot.From(row);
            if (!slot.IsLive(now) || (now - slot.Claimed >= MinimumAge && !_held.ContainsKey(slot.LeaseId) && await IsAbandonedAsync(slot, cancellationToken)))
            {
                freed += await _book.RemoveAsync([slot], cancellationToken);
            }
        }

        _continuation = page.Continuation;
        if (_continuation is null)
        {
            _held = new ConcurrentDictionary<Guid, bool>();
        }

        return freed;
    }

    private async Task<bool> IsAbandonedAsync(StoredSlot slot, CancellationToken cancellationToken)
    {
        RowAddress address = slot.Owner.Row;
        if (await store.GetAsync(address, cancellationToken) is not { } row)
        {
            return true;
        }

        if (SlotLeaseText.Parse(row.Properties.Get<string>(SlotLeaseText.Property))?.Id == slot.LeaseId)
        {
            _held[slot.LeaseId] = true;
            return false;
        }

        // The row is written as it is: the commit with which the run would hold the slot, if it is under way still, fails from now on.
        return (await store.CommitAsync(new RowCommit().Add(RowOperation.Replace(address, row.Properties, row.ETag)), cancellationToken)).Succeeded;
    }
}
