using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// In which order artifacts are listed; <see cref="IdDesc"/> when not given. Equals follow by id, in the same direction.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<ArtifactSort>))]
public enum ArtifactSort
{
    /// <summary>By id, newest first.</summary>
    IdDesc,

    /// <summary>By creation, latest first.</summary>
    CreatedDesc,

    /// <summary>By last change, latest first.</summary>
    UpdatedDesc,

    /// <summary>By key, backwards.</summary>
    KeyDesc,

    /// <summary>By key.</summary>
    KeyAsc,
}
