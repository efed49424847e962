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

    /// <summary>True when a slot is free.</summary>
    public bool HasFreeSlot => ActiveSlots < Limit;

    /// <summary>The tag that the limit is for; the name itself when it is another's.</summary>
    internal string Tag => Name.StartsWith(TagPrefix, StringComparison.Ordinal) ? Name[TagPrefix.Length..] : Name;
}
