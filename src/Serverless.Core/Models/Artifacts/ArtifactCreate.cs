using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /artifacts/</c>.</summary>
public sealed record ArtifactCreate
{
    /// <summary>The collection that it becomes the latest of: lower-case letters, digits and dashes; null for none.</summary>
    [ArtifactKey]
    public string? Key { get; init; }

    /// <summary>What it is, such as <c>table</c> or <c>markdown</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Markdown shown with it.</summary>
    [AnyLength]
    public string? Description { get; init; }

    /// <summary>The data, as Prefect's client makes it for the type.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Anything else, by name. Long values are cut, see <see cref="ArtifactMetadata"/>.</summary>
    [JsonPropertyName("metadata_")]
    [AnyLength]
    public IReadOnlyDictionary<string, string>? Metadata
    {
        get;
        init => field = ArtifactMetadata.Cut(value);
    }

    /// <summary>The flow run that made it.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The task run that made it.</summary>
    public Guid? TaskRunId { get; init; }
}
