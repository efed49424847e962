using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges the task-run states that clients propose (Prefect's CoreTaskPolicy).</summary>
public static class CoreTaskPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } =
        new(
            "CoreTaskPolicy",
            new CacheRetrieval(),
            new HandleTaskTerminalStateTransitions(),
            new PreventRunningTasksFromStoppedFlows(),
            new SecureTaskConcurrencySlots(),
            new CopyScheduledTime(),
            new WaitForScheduledTime(),
            new RetryFailedTasks(),
            new RenameReruns(),
            new UpdateFlowRunTrackerOnTasks(),
            new CacheInsertion(),
            new ReleaseTaskConcurrencySlots()
        );
}
