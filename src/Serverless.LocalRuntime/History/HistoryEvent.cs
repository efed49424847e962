using System.Text.Json.Serialization;

namespace Serverless.LocalRuntime.History;

/// <summary>One event of a turn, as it is stored.</summary>
internal sealed record HistoryEvent
{
    [JsonPropertyName("k")]
    public required HistoryEventKind Kind { get; init; }

    /// <summary>The task or timer it completes.</summary>
    [JsonPropertyName("i")]
    public int TaskId { get; init; }

    /// <summary>The name of a raised event.</summary>
    [JsonPropertyName("n")]
    public string? Name { get; init; }

    /// <summary>Input, result, event payload, output of a termination or reason of a suspension.</summary>
    [JsonPropertyName("d")]
    public string? Data { get; init; }

    [JsonPropertyName("f")]
    public Failure? Failure { get; init; }

    /// <summary>Of a start: not before this time.</summary>
    [JsonPropertyName("t")]
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Of an event sent by an orchestration: the sending step, by which a repeated delivery is recognized.</summary>
    [JsonPropertyName("s")]
    public string? Source { get; init; }
}
