using System.Text.Json;

namespace Serverless.Flows;

/// <summary>What a custom cache key can be made of.</summary>
/// <param name="TaskName">The task's name.</param>
/// <param name="Arguments">The arguments by the parameters' names in JSON (snake_case).</param>
/// <param name="FlowRunId">The flow run that calls the task.</param>
/// <param name="FlowParameters">The parameters of that run by name.</param>
public sealed record CacheKeyContext(
    string TaskName,
    IReadOnlyDictionary<string, JsonElement> Arguments,
    Guid FlowRunId,
    IReadOnlyDictionary<string, JsonElement> FlowParameters
)
{
    internal static CacheKeyContext Of(string task, string argumentsJson, Guid flowRunId, string flowParametersJson) =>
        new(task, Read(argumentsJson), flowRunId, Read(flowParametersJson));

    private static Dictionary<string, JsonElement> Read(string json) =>
        string.IsNullOrWhiteSpace(json) ? [] : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, FlowJson.Options) ?? [];
}
