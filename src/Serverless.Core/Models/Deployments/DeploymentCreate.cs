using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /deployments/</c>: creates the flow's deployment of that name, or changes the one that there is.</summary>
public sealed record DeploymentCreate : DeploymentChanges
{
    /// <summary>The name, unique within the flow; without <c>/ % &amp; &gt; &lt;</c>.</summary>
    [WireName]
    public required string Name { get; init; }

    /// <summary>The flow that it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Guid FlowId { get; init; }

    /// <summary>The deployment's labels, given to its runs; null changes nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Labels { get; init; }

    /// <summary>When runs are created; null for never. Schedules that the deployment has and the body does not are removed.</summary>
    public IReadOnlyList<DeploymentScheduleCreate>? Schedules { get; init; }
}
