using Serverless.Core.Transitions;

namespace Serverless.Core.Tests.Transitions;

public sealed class PoliciesTests
{
    private static readonly string[] Flow =
    [
        "EnforceCancellingToCancelledTransition",
        "BypassCancellingFlowRunsWithNoInfra",
        "PreventPendingTransitions",
        "ValidateDeploymentConcurrencyAtRunning",
        "SecureFlowConcurrencySlots",
        "RemoveDeploymentConcurrencyLeaseForOldClientVersions",
        "EnsureOnlyScheduledFlowsMarkedLate",
        "HandlePausingFlows",
        "HandleResumingPausedFlows",
        "CopyScheduledTime",
        "WaitForScheduledTime",
        "RetryFailedFlows",
        "InstrumentFlowRunStateTransitions",
        "ReleaseFlowConcurrencySlots",
    ];

    private static readonly string[] Task =
    [
        "WaitForScheduledTime",
        "RetryFailedTasks",
        "RenameReruns",
        "UpdateFlowRunTrackerOnTasks",
        "CacheInsertion",
        "ReleaseTaskConcurrencySlots",
    ];

    [Fact]
    public void RuleNames_FlowPolicies_InPrefectsOrder()
    {
        CoreFlowPolicy.Instance.RuleNames.ShouldBe([
            "PreserveDeploymentConcurrencyLeaseId",
            "PreventDuplicateTransitions",
            "HandleFlowTerminalStateTransitions",
            .. Flow,
        ]);
        MinimalFlowPolicy.Instance.RuleNames.ShouldBe([
            "PreventResultDataLoss",
            "BypassCancellingFlowRunsWithNoInfra",
            "InstrumentFlowRunStateTransitions",
            "ReleaseFlowConcurrencySlots",
        ]);
        MarkLateRunsPolicy.Instance.RuleNames.ShouldBe([
            "EnsureOnlyScheduledFlowsMarkedLate",
            "EnforceDeploymentConcurrencyOnLate",
            "InstrumentFlowRunStateTransitions",
        ]);
    }

    [Fact]
    public void RuleNames_TaskPolicies_InPrefectsOrder()
    {
        CoreTaskPolicy.Instance.RuleNames.ShouldBe([
            "CacheRetrieval",
            "HandleTaskTerminalStateTransitions",
            "PreventRunningTasksFromStoppedFlows",
            "SecureTaskConcurrencySlots",
            "CopyScheduledTime",
            .. Task,
        ]);
        ClientSideTaskOrchestrationPolicy.Instance.RuleNames.ShouldBe([
            "CacheRetrieval",
            "HandleTaskTerminalStateTransitions",
            "PreventRunningTasksFromStoppedFlows",
            "CopyScheduledTime",
            .. Task,
        ]);
        BackgroundTaskPolicy.Instance.RuleNames.ShouldBe([
            "PreventPendingTransitions",
            "CacheRetrieval",
            "HandleTaskTerminalStateTransitions",
            "CopyScheduledTime",
            "CopyTaskParametersID",
            .. Task,
            "EnqueueScheduledTasks",
        ]);
        MinimalTaskPolicy.Instance.RuleNames.ShouldBe(["ReleaseTaskConcurrencySlots"]);
    }

    [Fact]
    public void RuleNames_EnginePolicies_CoreOnesWithFinalStatesKept()
    {
        EngineFlowPolicy.Instance.RuleNames.ShouldBe([
            "PreserveDeploymentConcurrencyLeaseId",
            "PreventDuplicateTransitions",
            "KeepFinalFlowStates",
            .. Flow,
        ]);
        EngineTaskPolicy.Instance.RuleNames.ShouldBe([
            "PreventDuplicateTransitions",
            "KeepFinalTaskStates",
            .. CoreTaskPolicy.Instance.RuleNames.SelectMany(name =>
                name == "UpdateFlowRunTrackerOnTasks"
                    ? [name, "UpdateFlowRunTrackerAtReruns", "UpdateFlowRunTrackerAtEnds"]
                    : new[] { name }
            ),
        ]);
    }
}
