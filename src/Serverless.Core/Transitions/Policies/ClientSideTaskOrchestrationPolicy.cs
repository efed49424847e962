using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>
/// What judges the task-run states of clients that take the slots of their tags themselves (Prefect's policy of that name).
/// </summary>
public static class ClientSideTaskOrchestrationPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } =
        new(
            "ClientSideTaskOrchestrationPolicy",
            new CacheRetrieval(),
            new HandleTaskTerminalStateTransitions(),
            new PreventRunningTasksFromStoppedFlows(),
            new CopyScheduledTime(),
            new WaitForScheduledTime(),
            new RetryFailedTasks(),
            new RenameReruns(),
            new UpdateFlowRunTrackerOnTasks(),
            new CacheInsertion(),
            new ReleaseTaskConcurrencySlots()
        );
}
