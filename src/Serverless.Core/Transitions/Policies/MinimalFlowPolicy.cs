using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges a forced state of a flow run (Prefect's MinimalFlowPolicy).</summary>
public static class MinimalFlowPolicy
{
    /// <summary>The policy.</summary>
    public static FlowTransitionPolicy Instance { get; } =
        new(
            "MinimalFlowPolicy",
            new PreventResultDataLoss(),
            new BypassCancellingFlowRunsWithNoInfra(),
            new InstrumentFlowRunStateTransitions(),
            new ReleaseFlowConcurrencySlots()
        );
}
