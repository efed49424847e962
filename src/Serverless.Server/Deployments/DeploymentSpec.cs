using System.Text.Json;
using Serverless.Core.Models;

namespace Serverless.Server.Deployments;

/// <summary>All that code says about a deployment of a registered flow.</summary>
public sealed record DeploymentSpec
{
    /// <summary>The flow's name.</summary>
    public required string FlowName { get; init; }

    /// <summary>The deployment's name, unique within the flow.</summary>
    public string Name { get; init; } = "default";

    /// <summary>JSON schema of the flow's parameters: an object.</summary>
    public required string ParameterSchemaJson { get; init; }

    /// <summary>Which code is the flow.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Markdown about it.</summary>
    public string? Description { get; init; }

    /// <summary>The version of the flow's code.</summary>
    public string? Version { get; init; }

    /// <summary>Tags of the deployment, given to its runs.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Parameters of its runs; null when code says nothing of them.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>How many runs may be active at once; null when code says nothing of it.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>What happens to a run beyond the limit; said together with it.</summary>
    public ConcurrencyOptions? ConcurrencyOptions { get; init; }

    /// <summary>Whether it is paused when it is first stored; after that, the operator decides.</summary>
    public bool Paused { get; init; }

    /// <summary>
    /// The schedules of code, each with a slug of its own, and the times in the form in which they are kept. Whether one is active counts
    /// when it is first stored; after that, the operator decides.
    /// </summary>
    public IReadOnlyList<DeploymentScheduleCreate> Schedules { get; init; } = [];
}
