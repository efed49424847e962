namespace Serverless.Functions.FlowRuns;

/// <summary>Input of <see cref="BeginSubflow"/>.</summary>
/// <param name="ParentFlowRunId">The calling run.</param>
/// <param name="ParentGeneration">The calling run's generation.</param>
/// <param name="ParentRunCount">The calling run's count in the attempt that calls.</param>
/// <param name="FlowName">The called flow.</param>
/// <param name="DynamicKey">The zero-based number of the call of this flow in the parent run.</param>
/// <param name="ParametersJson">The parameters: a JSON object.</param>
/// <param name="RunName">The subflow run's name; null for a generated one.</param>
/// <param name="Upstream">The task runs whose results went into each parameter, and those that the call waited for; null for none.</param>
/// <param name="Tags">Tags of the subflow run beside those of the flow; null for none.</param>
public sealed record SubflowInput(
    Guid ParentFlowRunId,
    int ParentGeneration,
    int ParentRunCount,
    string FlowName,
    int DynamicKey,
    string ParametersJson,
    string? RunName,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>>? Upstream = null,
    IReadOnlyList<string>? Tags = null
)
{
    /// <summary>How often the subflow ended in this attempt of its parent, and its value, which is not kept, was lost by a crash.</summary>
    public int Again { get; init; }
}
