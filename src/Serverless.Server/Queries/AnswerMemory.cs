namespace Serverless.Server.Queries;

/// <summary>
/// The memory account of the current request. Lists count their items in it without passing it through every method. Outside requests there
/// is no account: the host's own reads are not refused.
/// </summary>
internal static class AnswerMemory
{
    private static readonly AsyncLocal<RequestMemory.Lease?> Current = new();

    /// <summary>Starts the account for what is called from here.</summary>
    public static RequestMemory.Lease Open(RequestMemory memory) => Current.Value = memory.Open();

    /// <summary>Counts an item that is held until the answer is sent.</summary>
    /// <param name="bytes">What it takes.</param>
    /// <param name="fit">How many items are held already.</param>
    /// <exception cref="PageTooLargeException">The items take more than all requests may have.</exception>
    /// <exception cref="OverloadedException">Others hold too much.</exception>
    public static void Take(long bytes, int fit)
    {
        if (Current.Value is not { } lease)
        {
            return;
        }

        if (fit > 0 && !lease.CanHold(bytes))
        {
            throw PageTooLargeException.OfMemory(fit, lease.Limit);
        }

        lease.Take(bytes);
    }

    /// <summary>False when an item would take more than there is even if this were the only request.</summary>
    public static bool CanTake(long bytes) => Current.Value?.CanHold(bytes) != false;

    /// <summary>An item is not held any more.</summary>
    public static void Give(long bytes) => Current.Value?.Give(bytes);
}
