using Serverless.Core.Transitions.Rules;

namespace Serverless.Core.Transitions;

/// <summary>What judges the states of task runs that task workers run (Prefect's BackgroundTaskPolicy).</summary>
public static class BackgroundTaskPolicy
{
    /// <summary>The policy.</summary>
    public static TaskTransitionPolicy Instance { get; } =
        new(
            "BackgroundTaskPolicy",
            new PreventPendingTransitions(),
            new CacheRetrieval(),
            new HandleTaskTerminalStateTransitions(),
            new CopyScheduledTime(),
            new CopyTaskParametersID(),
            new WaitForScheduledTime(),
            new RetryFailedTasks(),
            new RenameReruns(),
            new UpdateFlowRunTrackerOnTasks(),
            new CacheInsertion(),
            new ReleaseTaskConcurrencySlots(),
            new EnqueueScheduledTasks()
        );
}
