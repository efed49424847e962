using Serverless.Core.Validation;

namespace Serverless.Core.Transitions;

/// <summary>What can be set about the rules; the defaults are Prefect's.</summary>
public sealed record TransitionSettings
{
    /// <summary>The defaults.</summary>
    public static TransitionSettings Default { get; } = new();

    /// <summary>After how long a flow run asks again for a slot of its deployment.</summary>
    public TimeSpan DeploymentSlotWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long, at most and before it is spread, a task run asks again for the slots of its tags.</summary>
    public TimeSpan TagSlotWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long, at most and before it is spread, a client asks again for slots that it takes by itself.</summary>
    public TimeSpan ClientSlotWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long a run that waits in turn for a slot looks for one itself (ours: it is told when there is one).</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For how long a slot of a deployment is held without being renewed, when the deployment does not say.</summary>
    public TimeSpan InitialDeploymentLease { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How many characters a cache key may have.</summary>
    public int MaxCacheKeyLength { get; init; } = WireLimits.CacheKey;
}
