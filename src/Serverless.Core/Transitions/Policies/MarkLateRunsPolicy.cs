using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges the state Late of a flow run that nobody picked up in time (Prefect's MarkLateRunsPolicy).</summary>
public static class MarkLateRunsPolicy
{
    /// <summary>The policy.</summary>
    public static FlowTransitionPolicy Instance { get; } =
        new(
            "MarkLateRunsPolicy",
            new EnsureOnlyScheduledFlowsMarkedLate(),
            new EnforceDeploymentConcurrencyOnLate(),
            new InstrumentFlowRunStateTransitions()
        );
}
