using System.Text.Json.Serialization;

namespace Serverless.LocalRuntime.History;

/// <summary>
/// One turn of an orchestration: what came in, at what time, and which steps the orchestrator took.
/// Replaying the turns in order brings the orchestrator back to where it was.
/// </summary>
internal sealed record Turn
{
    /// <summary>The orchestrator's clock during the turn (UTC).</summary>
    [JsonPropertyName("t")]
    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("e")]
    public required List<HistoryEvent> Events { get; init; }

    [JsonPropertyName("a")]
    public List<RecordedActions> Actions { get; set; } = [];

    /// <summary>True when the orchestrator had ended after the turn.</summary>
    [JsonPropertyName("z")]
    public bool Ended { get; set; }
}
