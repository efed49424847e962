namespace Serverless.Server.Runs;

/// <summary>Who proposes a state.</summary>
public enum TransitionOrigin
{
    /// <summary>The run's own orchestration: it knows of the transition and need not be told.</summary>
    Orchestrator,

    /// <summary>Anybody else (REST, background services): the orchestration of a registered flow is told through the outbox.</summary>
    Client,
}
