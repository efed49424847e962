namespace Serverless.Functions.FlowRuns;

/// <summary>How a pause stands.</summary>
public enum PauseKind
{
    /// <summary>The run is paused, or on its way back, and waits.</summary>
    Paused,

    /// <summary>The run continues.</summary>
    Resumed,

    /// <summary>Nobody resumed the run in time; it failed.</summary>
    TimedOut,

    /// <summary>The gate refused the pause.</summary>
    Refused,

    /// <summary>The run is being stopped, has ended or is driven by another orchestration.</summary>
    Ended,
}
