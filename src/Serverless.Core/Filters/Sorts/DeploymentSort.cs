using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Filters;

/// <summary>
/// In which order deployments are listed; <see cref="NameAsc"/> when not given. Equals follow by id, in the same direction.
/// </summary>
[JsonConverter(typeof(WireEnumConverter<DeploymentSort>))]
public enum DeploymentSort
{
    /// <summary>By name.</summary>
    NameAsc,

    /// <summary>By name, backwards.</summary>
    NameDesc,

    /// <summary>By creation, latest first.</summary>
    CreatedDesc,

    /// <summary>By last change, latest first.</summary>
    UpdatedDesc,
}
