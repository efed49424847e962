using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>All artifacts of a key, shown as the latest of them.</summary>
public sealed record ArtifactCollection
{
    /// <summary>The collection's own id, which follows from its key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When the first artifact of the key was stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the latest one was stored or changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>The latest artifact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid LatestId { get; init; }

    /// <summary>What it is.</summary>
    public string? Type { get; init; }

    /// <summary>Markdown shown with it.</summary>
    public string? Description { get; init; }

    /// <summary>Its data.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Anything else, by name.</summary>
    [JsonPropertyName("metadata_")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The flow run that made it.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task run that made it.</summary>
    public Guid? TaskRunId { get; init; }
}
