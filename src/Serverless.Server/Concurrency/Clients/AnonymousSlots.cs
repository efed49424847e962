using Serverless.Storage;

namespace Serverless.Server.Concurrency;

/// <summary>
/// The slots of a limit that clients took without a lease: only how many there are is known, so they are released by number, the oldest
/// first. The slots of runs and leases are never among them.
/// </summary>
internal static class AnonymousSlots
{
    /// <summary>Most rows that go with one commit.</summary>
    private const int MaxRows = 90;

    /// <summary>Releases slots, as far as there are any.</summary>
    /// <param name="limit">The limit as it was read.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The time.</param>
    public static Release Of(StoredLimit limit, int count, DateTimeOffset now)
    {
        List<RowOperation> rows = [];
        var left = count;
        foreach (
            var slot in limit.Slots.Where(slot => slot.Client is { IsAnonymous: true } && slot.IsLive(now)).OrderBy(slot => slot.Claimed)
        )
        {
            if (left == 0 || rows.Count == MaxRows)
            {
                break;
            }

            rows.Add(
                slot.Count <= left
                    ? RowOperation.Delete(slot.Address, slot.ETag)
                    : RowOperation.Replace(slot.Address, (slot with { Count = slot.Count - left }).Properties(), slot.ETag)
            );
            left -= Math.Min(left, slot.Count);
        }

        var counted = rows.Count == MaxRows ? 0 : Math.Min(left, limit.CountedSlots(now));
        return new Release(limit.Counting(-counted, now), rows, left - counted);
    }

    /// <summary>What is to be written.</summary>
    /// <param name="Limit">The limit.</param>
    /// <param name="Rows">What becomes of the slots' rows.</param>
    /// <param name="Left">How many slots are still to be released. If there are rows, another commit may find them.</param>
    internal sealed record Release(StoredLimit Limit, IReadOnlyList<RowOperation> Rows, int Left)
    {
        public bool MayGoOn => Left > 0 && Rows.Count == MaxRows;
    }
}
