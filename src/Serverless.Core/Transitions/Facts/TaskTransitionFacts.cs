using Serverless.Core.Ids;
using Serverless.Core.Models;

namespace Serverless.Core.Transitions;

/// <summary>What the gate needs to know besides a task run.</summary>
/// <param name="Now">The time of the decision.</param>
/// <param name="Ids">Gives ids to states and leases.</param>
/// <param name="Random">Spreads retries and waits; used by the calling thread only.</param>
/// <param name="FlowRun">The flow run that called the task, as stored; null only for a task run outside any flow.</param>
public readonly record struct TaskTransitionFacts(DateTimeOffset Now, IIdGenerator Ids, Random Random, FlowRun? FlowRun)
{
    /// <summary>The slots that the run holds; null for none.</summary>
    public SlotLease? Lease { get; init; }

    /// <summary>The limits of the run's tags; needed when <see cref="TransitionNeeds.TagLimits"/> says so. Null for none.</summary>
    public IReadOnlyList<LimitFacts>? TagLimits { get; init; }

    /// <summary>
    /// The newest state under the proposed one's cache key; needed when <see cref="TransitionNeeds.CachedState"/> says so.
    /// </summary>
    public CachedTaskState? Cached { get; init; }

    /// <summary>
    /// True when the run has a result that is stored here; needed when <see cref="TransitionNeeds.StoredResult"/> says so.
    /// </summary>
    public bool HasStoredResult { get; init; }

    /// <summary>True when the run has ended with a result that was not kept.</summary>
    public bool HasLostResult { get; init; }

    /// <summary>What can be set about the rules; null for the defaults.</summary>
    public TransitionSettings? Settings { get; init; }
}
