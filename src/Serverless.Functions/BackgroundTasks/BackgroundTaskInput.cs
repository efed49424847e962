using System.Text.Json;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>What is stored with a background task run for its attempts.</summary>
/// <param name="Arguments">The arguments by parameter name: a JSON object.</param>
/// <param name="Stored">The names of those that say where their values lie; null for none.</param>
public sealed record BackgroundTaskInput(string Arguments, IReadOnlyList<string>? Stored = null)
{
    internal string ToText() => JsonSerializer.Serialize(this, FunctionsJson.Default.BackgroundTaskInput);

    internal static BackgroundTaskInput Parse(string text) =>
        JsonSerializer.Deserialize(text, FunctionsJson.Default.BackgroundTaskInput)
        ?? throw new JsonException("A background task run has no input.");
}
