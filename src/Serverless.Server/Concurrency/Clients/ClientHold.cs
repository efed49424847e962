using Serverless.Core.Models;

namespace Serverless.Server.Concurrency;

/// <summary>What is known of slots that a client took by itself, not for a run's state.</summary>
/// <param name="IsLeased">True if it renews them by a lease. Others it releases by number, or by the name of a task run.</param>
internal sealed record ClientHold(bool IsLeased)
{
    /// <summary>Whom the client named; null for nobody.</summary>
    public ConcurrencyLeaseHolder? Holder { get; init; }

    /// <summary>When the slots become free by themselves, as those of a rate limit do; null if they do not.</summary>
    public DateTimeOffset? Free { get; init; }

    /// <summary>Whether anybody may release them who names the limit and a number.</summary>
    public bool IsAnonymous => !IsLeased && Holder is null;
}
