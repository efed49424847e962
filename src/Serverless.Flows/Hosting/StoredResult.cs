using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Flows.Hosting;

/// <summary>Where the value of a run lies in a result storage. It stands for the value in states, histories and arguments.</summary>
/// <param name="Storage">The storage's name.</param>
/// <param name="StorageKey">The key in it.</param>
/// <param name="Serializer">The serializer's name.</param>
/// <param name="Size">The bytes that are stored.</param>
/// <param name="TaskKey">The key of the task or flow that made it: the value is of the type that it returns.</param>
public sealed record StoredResult(
    [property: JsonPropertyName("storage")] string Storage,
    [property: JsonPropertyName("storage_key")] string StorageKey,
    [property: JsonPropertyName("serializer")] string Serializer,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("task_key")] string TaskKey
)
{
    /// <summary>Reads the data of a state.</summary>
    /// <param name="data">The data; null for none.</param>
    /// <returns>What it refers to; null for data that is something else, such as the reference of a client.</returns>
    public static StoredResult? Of(JsonElement? data) =>
        data is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty("storage", out var storage)
        && value.TryGetProperty("storage_key", out var key)
        && value.TryGetProperty("serializer", out var serializer)
        && value.TryGetProperty("task_key", out var task)
        && value.TryGetProperty("size", out var size)
        && storage.ValueKind == JsonValueKind.String
        && key.ValueKind == JsonValueKind.String
        && serializer.ValueKind == JsonValueKind.String
        && task.ValueKind == JsonValueKind.String
        && size.TryGetInt64(out var bytes)
            ? new StoredResult(storage.GetString()!, key.GetString()!, serializer.GetString()!, bytes, task.GetString()!)
            : null;

    /// <summary>The data of a state that refers to the value.</summary>
    /// <returns>A JSON object.</returns>
    public JsonElement ToData() => JsonSerializer.SerializeToElement(this, FlowJson.Options);
}
