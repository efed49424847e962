namespace Serverless.Server.Deployments;

/// <summary>What a registered flow says about its deployment.</summary>
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
}
