using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges a forced state of a task run (Prefect's MinimalTaskPolicy).</summary>
public static class MinimalTaskPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } = new("MinimalTaskPolicy", new ReleaseTaskConcurrencySlots());
}
