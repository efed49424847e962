using Serverless.LocalRuntime.History;

namespace Serverless.LocalRuntime.Execution;

/// <summary>How an execution ended.</summary>
internal abstract record ExecutionOutcome
{
    public sealed record Completed(string? Output) : ExecutionOutcome;

    public sealed record Failed(Failure Failure) : ExecutionOutcome;

    public sealed record Terminated(string? Output) : ExecutionOutcome;

    /// <summary>The orchestrator starts over with a new input and the events that it did not take and wants to keep.</summary>
    public sealed record ContinuedAsNew(string? Input, string? Version, IReadOnlyList<HistoryEvent> Events) : ExecutionOutcome;
}
