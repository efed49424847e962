using Serverless.Core.Models;

namespace Serverless.Core.Transitions;

/// <summary>What the gate needs to know of a flow run's deployment.</summary>
/// <param name="Limit">Its concurrency limit; null for none.</param>
/// <param name="Options">What happens beyond the limit; null for the defaults: the run waits.</param>
public sealed record DeploymentFacts(LimitFacts? Limit = null, ConcurrencyOptions? Options = null)
{
    /// <summary>True when the lease that the run holds has not been taken from it: it can be renewed.</summary>
    public bool LeaseIsAlive { get; init; }

    /// <summary>The limit when it is enforced.</summary>
    internal LimitFacts? EnforcedLimit => Limit is { Active: true } ? Limit : null;

    /// <summary>For how long a lease is good.</summary>
    internal TimeSpan LeaseDuration(TransitionSettings settings) =>
        Options?.GracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : settings.InitialDeploymentLease;
}
