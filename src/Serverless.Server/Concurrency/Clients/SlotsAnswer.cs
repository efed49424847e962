namespace Serverless.Server.Concurrency;

/// <summary>What a client is told that asks for slots.</summary>
/// <param name="Limits">The limits that there are of those it named.</param>
internal sealed record SlotsAnswer(IReadOnlyList<StoredLimit> Limits)
{
    /// <summary>The lease by which it holds the slots; null if it asked for none.</summary>
    public Guid? LeaseId { get; init; }

    /// <summary>After how many seconds it is to ask again; null if it has the slots.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>The first of the limits that had no slot; null if it has the slots.</summary>
    public StoredLimit? Full { get; init; }
}
