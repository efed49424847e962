using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges the task-run states that clients propose (Prefect's CoreTaskPolicy).</summary>
public static class CoreTaskPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } = new(
        "CoreTaskPolicy",
        new HandleTaskTerminalStateTransitions(),
        new PreventRunningTasksFromStoppedFlows(),
        new CopyScheduledTime(),
        new WaitForScheduledTime(),
        new RetryFailedTasks(),
        new RenameReruns(),
        new UpdateFlowRunTrackerOnTasks());
}
