namespace Serverless.Core.Transitions;

/// <summary>Whether a background task run is to be put into the queue of its task.</summary>
public enum TaskQueueing
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>At the end of those that are run for the first time.</summary>
    Enqueue,

    /// <summary>At the end of those that are tried again; they are served first.</summary>
    Retry,
}
