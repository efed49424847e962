namespace Serverless.Core.Transitions;

/// <summary>A concurrency limit as it was found.</summary>
/// <param name="Id">The limit.</param>
/// <param name="Name">Its unique name; that of a tag begins with <see cref="TagPrefix"/>.</param>
/// <param name="Limit">How many slots there are.</param>
/// <param name="ActiveSlots">How many of them are taken.</param>
/// <param name="Active">Whether the limit is enforced.</param>
public sealed record LimitFacts(Guid Id, string Name, int Limit, int ActiveSlots, bool Active = true)
{
    /// <summary>What the name of a tag's limit begins with.</summary>
    public const string TagPrefix = "tag:";

    /// <summary>For how many seconds a slot has been held on average; null when nobody knows.</summary>
    public double? AverageOccupancySeconds { get; init; }

    /// <summary>
    /// True for a run that waits in turn and is told when a slot is its own; nobody tells of slots that become free by themselves.
    /// </summary>
    public bool IsInTurn { get; init; }

    /// <summary>True when others wait for a slot, and the run that asks waits in turn.</summary>
    public bool HasQueue { get; init; }

    /// <summary>The lease of a slot that is kept for the run that asks, since it was its turn; null for none.</summary>
    public Guid? Granted { get; init; }

    /// <summary>True when a slot is free for the run that asks.</summary>
    public bool HasFreeSlot => Granted is not null || (ActiveSlots < Limit && !HasQueue);

    /// <summary>The tag that the limit is for; the name itself when it is another's.</summary>
    internal string Tag => Name.StartsWith(TagPrefix, StringComparison.Ordinal) ? Name[TagPrefix.Length..] : Name;
}
