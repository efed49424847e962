namespace Serverless.Flows.Hosting;

/// <summary>One call of a subflow from a flow body.</summary>
/// <param name="Flow">The flow's definition.</param>
/// <param name="DynamicKey">The zero-based call number of this flow in the parent run.</param>
/// <param name="ParametersJson">The parameters: a JSON object.</param>
/// <param name="Upstream">As in <see cref="TaskInvocation"/>.</param>
/// <param name="RunName">The subflow run's name; null for a generated one.</param>
/// <param name="Tags">Tags of the run beside those of the flow; null or empty for none.</param>
public sealed record FlowInvocation(
    FlowDefinition Flow,
    int DynamicKey,
    string ParametersJson,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>> Upstream,
    string? RunName = null,
    IReadOnlyList<string>? Tags = null
);
