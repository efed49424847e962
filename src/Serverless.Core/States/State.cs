using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.States;

/// <summary>A state that a run is or was in.</summary>
public sealed record State
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>The type, on which all decisions rest.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required StateType Type { get; init; }

    /// <summary>The name shown to people; says more than the type, such as <c>AwaitingRetry</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When the run entered it (UTC, microseconds); strictly increasing within a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What happened, for people.</summary>
    public string? Message { get; init; }

    /// <summary>A result, or where to find it.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>What else is known.</summary>
    public StateDetails StateDetails { get; init => field = value ?? StateDetails.Empty; } = StateDetails.Empty;
}
