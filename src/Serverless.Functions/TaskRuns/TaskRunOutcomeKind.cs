namespace Serverless.Functions.TaskRuns;

/// <summary>How one attempt of a task run ended.</summary>
public enum TaskRunOutcomeKind
{
    /// <summary>The task run is final.</summary>
    Final,

    /// <summary>The task run awaits its retry (or its scheduled time).</summary>
    Retry,

    /// <summary>The attempt did not start because the flow run is paused.</summary>
    Paused,

    /// <summary>The attempt did not start because the flow run is cancelled or final.</summary>
    Stopped,

    /// <summary>The flow run was deleted.</summary>
    Deleted,
}
