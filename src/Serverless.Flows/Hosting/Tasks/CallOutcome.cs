using Serverless.Core.States;

namespace Serverless.Flows.Hosting;

/// <summary>How a called task or subflow run ended.</summary>
/// <param name="RunId">The task run's id, or the flow run's for a subflow.</param>
/// <param name="Type">The final state's type.</param>
/// <param name="StateName">The final state's name.</param>
/// <param name="Message">The final state's message; for a failure, what went wrong.</param>
/// <param name="ResultJson">The run's result as JSON; null for none.</param>
/// <param name="StateId">The final state's id; empty for a run that never had one.</param>
/// <param name="Timestamp">When the run entered that state (UTC).</param>
/// <param name="ErrorType">Of a failure: the full name of the exception that the code threw; null if it is not known.</param>
/// <param name="InnerErrorTypes">The types of what caused that, outermost first; null for none.</param>
public sealed record CallOutcome(
    Guid RunId,
    StateType Type,
    string StateName,
    string? Message,
    string? ResultJson,
    Guid StateId = default,
    DateTimeOffset Timestamp = default,
    string? ErrorType = null,
    IReadOnlyList<string>? InnerErrorTypes = null
)
{
    /// <summary>
    /// The final state's name. Most runs end in one of a few: these names share one text, however many outcomes are kept.
    /// </summary>
    public string StateName { get; init; } = string.IsInterned(StateName) ?? StateName;

    /// <summary>The task run that stands for a subflow in its caller; null for a task, whose own run it is.</summary>
    public Guid? TaskRunId { get; init; }

    /// <summary>Where the value lies, if it is in a result storage; null otherwise.</summary>
    public StoredResult? Stored { get; init; }

    /// <summary>Whether the value was not kept with the run: who did not get it when the run ended, does not get it.</summary>
    public bool IsUnkept { get; init; }

    /// <summary>The task run that calls name when they depend on this one.</summary>
    internal Guid InputId => TaskRunId ?? RunId;
}
