namespace Serverless.Functions.TaskRuns;

/// <summary>What tells one task run of a call or map from the others.</summary>
/// <param name="DynamicKey">The zero-based number of the call of this task in the flow run.</param>
/// <param name="ArgumentsJson">The arguments by parameter name: a JSON object.</param>
/// <param name="RunName">The task run's name; null for the default.</param>
/// <param name="Upstream">The task runs whose results went into each parameter; null for none.</param>
public sealed record TaskRunItem(
    int DynamicKey,
    string ArgumentsJson,
    string? RunName = null,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>>? Upstream = null
)
{
    /// <summary>The names in JSON of the arguments that say where their values lie; null for none.</summary>
    public IReadOnlyList<string>? Stored { get; init; }

    /// <summary>The cache key that the options of the call gave; null for none.</summary>
    public string? CacheKey { get; init; }
}
