using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>
/// A state that a caller wants a run to enter (the wire's StateCreate); the gate gives it an id and a timestamp.
/// </summary>
public sealed record ProposedState
{
    /// <summary>The type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StateType Type { get; init; }

    /// <summary>The name; null for the type's.</summary>
    public string? Name { get; init; }

    /// <summary>What happened, for people.</summary>
    public string? Message { get; init; }

    /// <summary>A result, or where to find it.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What else is known.</summary>
    public StateDetails StateDetails { get; init => field = value ?? StateDetails.Empty; } = StateDetails.Empty;
}
