namespace Serverless.Storage.Azure.Entities;

/// <summary>
/// Decides which values go to blobs: those over a property's limit (a draft does that itself), then the largest ones until
/// every entity and the transaction keep theirs. Sizes on the wire are upper bounds, so the service never refuses for size.
/// </summary>
internal static class SpillPlan
{
    /// <summary>Marks the values that are to be spilled.</summary>
    /// <exception cref="ArgumentException">Small values alone exceed the limits.</exception>
    public static void Apply(IReadOnlyList<EntityDraft> drafts)
    {
        long sent = 0;
        foreach (var draft in drafts)
        {
            while (draft.StoredBytes > ValueSize.MaxEntity)
            {
                SpillLargest([draft]);
            }

            sent += draft.SentBytes;
        }

        while (sent > ValueSize.MaxTransaction)
        {
            sent -= SpillLargest(drafts);
        }
    }

    private static int SpillLargest(IReadOnlyList<EntityDraft> drafts)
    {
        EntityDraft? largest = null;
        (int Index, int Sent) value = (-1, 0);
        foreach (var draft in drafts)
        {
            var candidate = draft.Largest();
            if (candidate.Index >= 0 && candidate.Sent > value.Sent)
            {
                (largest, value) = (draft, candidate);
            }
        }

        if (largest is null)
        {
            throw new ArgumentException("The commit's small values alone exceed a transaction (4 MiB) or a row (1 MiB).", nameof(drafts));
        }

        var before = largest.SentBytes;
        largest.Spill(value.Index);
        return before - largest.SentBytes;
    }
}
