using System.Text.Json.Serialization;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>What became of the state that one of several flow runs was to enter.</summary>
public sealed record FlowRunOrchestrationResult
{
    /// <summary>The run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid FlowRunId { get; init; }

    /// <summary>The gate's answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required SetStateStatus Status { get; init; }

    /// <summary>The run's state now, whatever the answer; null when it has none, or is not there any more.</summary>
    public required State? State { get; init; }

    /// <summary>What belongs to the answer.</summary>
    public required StateResponseDetails Details { get; init; }
}
