namespace Serverless.Flows;

/// <summary>What a hook is called for.</summary>
public enum HookEvent
{
    /// <summary>The run enters Running: in each attempt, and when it is resumed.</summary>
    Running,

    /// <summary>The run is Completed.</summary>
    Completion,

    /// <summary>The run is Failed, and is not retried.</summary>
    Failure,

    /// <summary>The run is Cancelled.</summary>
    Cancellation,

    /// <summary>The run is Crashed.</summary>
    Crashed,

    /// <summary>The transaction in which the task run completed is committed.</summary>
    Commit,

    /// <summary>The transaction in which the task run completed is rolled back.</summary>
    Rollback,
}
