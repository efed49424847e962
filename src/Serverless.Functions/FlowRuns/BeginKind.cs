namespace Serverless.Functions.FlowRuns;

/// <summary>What an orchestrator does after it asked to begin.</summary>
public enum BeginKind
{
    /// <summary>The run is Running: execute the flow body.</summary>
    Run,

    /// <summary>The run is scheduled for later or paused: wait and ask again.</summary>
    Wait,

    /// <summary>The run is final, deleted or belongs to another generation: end the orchestration.</summary>
    Stop,
}
