namespace Serverless.Core.States;

/// <summary>The names that states go by; the types' own names are among them.</summary>
public static class StateNames
{
    /// <summary>Due at a time.</summary>
    public const string Scheduled = "Scheduled";

    /// <summary>Scheduled: due for a while, and not picked up.</summary>
    public const string Late = "Late";

    /// <summary>Scheduled: due to be tried again.</summary>
    public const string AwaitingRetry = "AwaitingRetry";

    /// <summary>Scheduled: waits for a slot of a concurrency limit.</summary>
    public const string AwaitingConcurrencySlot = "AwaitingConcurrencySlot";

    /// <summary>Scheduled: a suspended run on its way back.</summary>
    public const string Resuming = "Resuming";

    /// <summary>Handed to what will run it.</summary>
    public const string Pending = "Pending";

    /// <summary>Pending: a worker creates its infrastructure.</summary>
    public const string Submitting = "Submitting";

    /// <summary>Pending: its infrastructure starts.</summary>
    public const string InfrastructurePending = "InfrastructurePending";

    /// <summary>Its code runs.</summary>
    public const string Running = "Running";

    /// <summary>Running: again after a failure.</summary>
    public const string Retrying = "Retrying";

    /// <summary>Running: again for another reason.</summary>
    public const string Rerunning = "Rerunning";

    /// <summary>Waits for somebody to resume it, keeping its infrastructure.</summary>
    public const string Paused = "Paused";

    /// <summary>Paused: holds no infrastructure.</summary>
    public const string Suspended = "Suspended";

    /// <summary>Paused: its flow run is paused.</summary>
    public const string NotReady = "NotReady";

    /// <summary>Being stopped.</summary>
    public const string Cancelling = "Cancelling";

    /// <summary>Somebody stopped it.</summary>
    public const string Cancelled = "Cancelled";

    /// <summary>It succeeded.</summary>
    public const string Completed = "Completed";

    /// <summary>Completed: an earlier result was reused.</summary>
    public const string Cached = "Cached";

    /// <summary>Completed: its effects were undone.</summary>
    public const string RolledBack = "RolledBack";

    /// <summary>Its code failed.</summary>
    public const string Failed = "Failed";

    /// <summary>Failed: it took too long.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>What ran it failed.</summary>
    public const string Crashed = "Crashed";
}
