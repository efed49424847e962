namespace Serverless.Functions.Outbox;

/// <summary>What a removal of a run's orchestrations may have left.</summary>
internal enum RemainingOrchestrations
{
    /// <summary>Nothing: there were none, or they had ended long before.</summary>
    None,

    /// <summary>Nothing now. But messages of what has just ended may bring a purged instance back.</summary>
    Possible,

    /// <summary>An orchestration that has not ended yet.</summary>
    Open,
}
