using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges the flow-run states that clients and operators propose (Prefect's CoreFlowPolicy).</summary>
public static class CoreFlowPolicy
{
    /// <summary>The policy.</summary>
    public static FlowTransitionPolicy Instance { get; } =
        new(
            "CoreFlowPolicy",
            new PreserveDeploymentConcurrencyLeaseId(),
            new PreventDuplicateTransitions(),
            new HandleFlowTerminalStateTransitions(),
            new EnforceCancellingToCancelledTransition(),
            new BypassCancellingFlowRunsWithNoInfra(),
            new PreventPendingTransitions(),
            new ValidateDeploymentConcurrencyAtRunning(),
            new SecureFlowConcurrencySlots(),
            new RemoveDeploymentConcurrencyLeaseForOldClientVersions(),
            new EnsureOnlyScheduledFlowsMarkedLate(),
            new HandlePausingFlows(),
            new HandleResumingPausedFlows(),
            new CopyScheduledTime(),
            new WaitForScheduledTime(),
            new RetryFailedFlows(),
            new InstrumentFlowRunStateTransitions(),
            new ReleaseFlowConcurrencySlots()
        );
}
