namespace Serverless.Core.Filters;

/// <summary>When an event happened, by the clock of who sent it.</summary>
public sealed record EventOccurredFilter
{
    /// <summary>Not before this (UTC).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Not after this (UTC).</summary>
    public DateTimeOffset? Until { get; init; }

    internal bool Matches(DateTimeOffset occurred) => !(occurred < Since) && !(occurred > Until);
}
