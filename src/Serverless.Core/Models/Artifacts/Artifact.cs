using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>Something a run left for people to look at: a table, markdown, a link, progress, an image.</summary>
public sealed record Artifact
{
    /// <summary>The id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid Id { get; init; }

    /// <summary>When it was first stored (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was last changed (UTC).</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>The collection it is the latest of: lower-case letters, digits and dashes.</summary>
    public string? Key { get; init; }

    /// <summary>What it is, such as <c>table</c> or <c>markdown</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Markdown shown with it.</summary>
    public string? Description { get; init; }

    /// <summary>The data, as Prefect stores it for the type.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Anything else, by name.</summary>
    [JsonPropertyName("metadata_")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The flow run that made it.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task run that made it.</summary>
    public Guid? TaskRunId { get; init; }
}
