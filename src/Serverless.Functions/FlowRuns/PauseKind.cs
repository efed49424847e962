namespace Serverless.Functions.FlowRuns;

/// <summary>How a pause stands.</summary>
public enum PauseKind
{
    /// <summary>The run is paused and waits.</summary>
    Paused,

    /// <summary>The run goes on.</summary>
    Resumed,

    /// <summary>Nobody resumed the run in time; it failed.</summary>
    TimedOut,

    /// <summary>The gate refused the pause.</summary>
    Refused,
}
