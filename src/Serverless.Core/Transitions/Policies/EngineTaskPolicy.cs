using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>
/// What judges the task-run states that this app's own activities propose: <see cref="CoreTaskPolicy"/>, a repeated
/// proposal writes nothing, and a final state is left only when the flow run is retried.
/// </summary>
public static class EngineTaskPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } =
        new(
            "EngineTaskPolicy",
            new PreventDuplicateTransitions(),
            new KeepFinalTaskStates(),
            new CacheRetrieval(),
            new HandleTaskTerminalStateTransitions(),
            new PreventRunningTasksFromStoppedFlows(),
            new SecureTaskConcurrencySlots(),
            new CopyScheduledTime(),
            new WaitForScheduledTime(),
            new RetryFailedTasks(),
            new RenameReruns(),
            new UpdateFlowRunTrackerOnTasks(),
            new UpdateFlowRunTrackerAtReruns(),
            new UpdateFlowRunTrackerAtEnds(),
            new CacheInsertion(),
            new ReleaseTaskConcurrencySlots()
        );
}
