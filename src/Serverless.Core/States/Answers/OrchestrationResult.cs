using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>The gate's answer on the wire (Prefect's OrchestrationResult).</summary>
public sealed record OrchestrationResult
{
    /// <summary>The run's state now, whatever the answer; null when it has none.</summary>
    public required State? State { get; init; }

    /// <summary>The answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required SetStateStatus Status { get; init; }

    /// <summary>What belongs to the answer.</summary>
    public required StateResponseDetails Details { get; init; }
}
