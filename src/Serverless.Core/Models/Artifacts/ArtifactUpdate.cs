using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /artifacts/{id}</c>. A member that it does not have leaves the artifact as it is; null removes.</summary>
public sealed record ArtifactUpdate
{
    private bool _hasData;
    private bool _hasDescription;
    private bool _hasMetadata;

    /// <summary>The data.</summary>
    public JsonElement? Data
    {
        get;
        set => (field, _hasData) = (value, true);
    }

    /// <summary>Markdown shown with it.</summary>
    [AnyLength]
    public string? Description
    {
        get;
        set => (field, _hasDescription) = (value, true);
    }

    /// <summary>Anything else, by name. Long values are cut, see <see cref="ArtifactMetadata"/>.</summary>
    [JsonPropertyName("metadata_")]
    [AnyLength]
    public IReadOnlyDictionary<string, string>? Metadata
    {
        get;
        set => (field, _hasMetadata) = (ArtifactMetadata.Cut(value), true);
    }

    /// <summary>An artifact with the changes.</summary>
    /// <param name="artifact">The artifact before.</param>
    public Artifact ApplyTo(Artifact artifact)
    {
        ArgumentNullException.ThrowIfNull(artifact);
        return artifact with
        {
            Data = _hasData ? Data : artifact.Data,
            Description = _hasDescription ? Description : artifact.Description,
            Metadata = _hasMetadata ? Metadata : artifact.Metadata,
        };
    }
}
