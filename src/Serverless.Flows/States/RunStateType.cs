namespace Serverless.Flows;

/// <summary>The types of states, which say whether and how a run has ended. Prefect's, and in its order.</summary>
public enum RunStateType
{
    /// <summary>It waits for its time, or for its next attempt.</summary>
    Scheduled,

    /// <summary>It is about to run; or, by the name <c>NotReady</c>, it was never started because of another run.</summary>
    Pending,

    /// <summary>Its code runs.</summary>
    Running,

    /// <summary>It has ended well.</summary>
    Completed,

    /// <summary>Its code has failed, or took too long.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,

    /// <summary>What ran it has failed.</summary>
    Crashed,

    /// <summary>It waits for somebody to resume it.</summary>
    Paused,

    /// <summary>It is being stopped.</summary>
    Cancelling,
}
