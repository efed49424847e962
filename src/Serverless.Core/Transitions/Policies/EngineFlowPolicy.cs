using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>
/// What judges the flow-run states that this app's own orchestrations propose: <see cref="CoreFlowPolicy"/>, and a
/// final state is never left.
/// </summary>
public static class EngineFlowPolicy
{
    /// <summary>The policy.</summary>
    public static FlowTransitionPolicy Instance { get; } =
        new(
            "EngineFlowPolicy",
            new PreserveDeploymentConcurrencyLeaseId(),
            new PreventDuplicateTransitions(),
            new KeepFinalFlowStates(),
            new EnforceCancellingToCancelledTransition(),
            new BypassCancellingFlowRunsWithNoInfra(),
            new PreventPendingTransitions(),
            new ValidateDeploymentConcurrencyAtRunning(),
            new SecureFlowConcurrencySlots(queues: true),
            new RemoveDeploymentConcurrencyLeaseForOldClientVersions(),
            new EnsureOnlyScheduledFlowsMarkedLate(),
            new HandlePausingFlows(),
            new HandleResumingPausedFlows(),
            new CopyScheduledTime(queues: true),
            new WaitForScheduledTime(),
            new RetryFailedFlows(),
            new InstrumentFlowRunStateTransitions(),
            new ReleaseFlowConcurrencySlots()
        );
}
