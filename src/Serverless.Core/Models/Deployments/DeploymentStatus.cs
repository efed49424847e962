using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Models;

/// <summary>Whether something is there to run a deployment.</summary>
[JsonConverter(typeof(WireEnumConverter<DeploymentStatus>))]
public enum DeploymentStatus
{
    /// <summary>Nothing polls for its runs.</summary>
    NotReady,

    /// <summary>Its runs are picked up.</summary>
    Ready,
}
