namespace Microsoft.DurableTask.Client;

/// <summary>The state of an orchestration.</summary>
public enum OrchestrationRuntimeStatus
{
    Running,
    Completed,

    [Obsolete("Kept for compatibility; not a status an instance has.")]
    ContinuedAsNew,
    Failed,

    [Obsolete("Kept for compatibility; not a status an instance has.")]
    Canceled,
    Terminated,
    Pending,
    Suspended,
}
