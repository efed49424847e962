using System.Text.Json.Serialization;

namespace Serverless.LocalRuntime.History;

/// <summary>
/// Steps that an orchestrator took in a turn: <paramref name="Count"/> of one kind and name with consecutive ids, so that
/// a fan-out of thousands is one entry. Inputs are not kept: a replay makes them again.
/// </summary>
internal sealed record RecordedActions(
    [property: JsonPropertyName("k")] ActionKind Kind,
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("i")] int FirstId,
    [property: JsonPropertyName("c")] int Count,
    [property: JsonPropertyName("x")] string? ChildId = null,
    [property: JsonPropertyName("t")] string? CallTag = null
);
