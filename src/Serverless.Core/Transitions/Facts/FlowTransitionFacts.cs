using Serverless.Core.Ids;

namespace Serverless.Core.Transitions;

/// <summary>What the gate needs to know besides a flow run.</summary>
/// <param name="Now">The time of the decision.</param>
/// <param name="Ids">Gives ids to states and leases.</param>
public readonly record struct FlowTransitionFacts(DateTimeOffset Now, IIdGenerator Ids)
{
    /// <summary>The slot that the run holds; null for none.</summary>
    public SlotLease? Lease { get; init; }

    /// <summary>The run's deployment; needed when <see cref="TransitionNeeds.Deployment"/> says so. Null when there is none.</summary>
    public DeploymentFacts? Deployment { get; init; }

    /// <summary>The version of the Prefect client that proposes; null for anybody else.</summary>
    public ClientVersion? Client { get; init; }

    /// <summary>
    /// True when the run has a result that is stored here; needed when <see cref="TransitionNeeds.StoredResult"/> says so.
    /// </summary>
    public bool HasStoredResult { get; init; }

    /// <summary>What can be set about the rules; null for the defaults.</summary>
    public TransitionSettings? Settings { get; init; }
}
