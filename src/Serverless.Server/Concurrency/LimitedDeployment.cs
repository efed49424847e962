using Serverless.Core.Models;
using Serverless.Core.Transitions;

namespace Serverless.Server.Concurrency;

/// <summary>A deployment, as far as its concurrency goes.</summary>
/// <param name="Limit">Its limit; null for none.</param>
/// <param name="Options">What happens beyond it; null for the defaults.</param>
internal sealed record LimitedDeployment(StoredLimit? Limit, ConcurrencyOptions? Options)
{
    public static LimitedDeployment Unlimited { get; } = new(null, null);

    /// <summary>The limit that a run took its slot from, when the deployment has another one by now; null for the same, or none.</summary>
    public StoredLimit? Other { get; init; }

    /// <summary>Whether its older runs are cancelled so that a newer one which waits gets a slot.</summary>
    public bool CancelsOlder => Options?.CollisionStrategy == ConcurrencyLimitStrategy.CancelRunning;

    /// <summary>What the rules need to know of it.</summary>
    /// <param name="held">The lease that the run holds.</param>
    /// <param name="isNew">True for a lease that is about to be taken.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="queued">The run, if it waits in turn.</param>
    public DeploymentFacts Facts(SlotLease? held, bool isNew, DateTimeOffset now, SlotOwner? queued = null) =>
        new(Limit?.Facts(now, queued), Options)
        {
            LeaseIsAlive = isNew || ((Other ?? Limit)?.Slots.Any(slot => slot.LeaseId == held?.Id && slot.IsLive(now)) ?? false),
        };
}
