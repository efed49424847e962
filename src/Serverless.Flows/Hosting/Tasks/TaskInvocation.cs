namespace Serverless.Flows.Hosting;

/// <summary>One call of a task from a flow body.</summary>
/// <param name="Task">The task's definition.</param>
/// <param name="DynamicKey">Tells the calls of one task in one flow run apart: its zero-based call number. Prefect's dynamic key.</param>
/// <param name="ArgumentsJson">The arguments by parameter name: a JSON object. Injected parameters are left out.</param>
/// <param name="Upstream">
/// For each parameter whose value came from futures, the task runs they belong to; under <c>wait_for</c> those that the call only waited
/// for.
/// </param>
/// <param name="RunName">The task run's name; null for <c>{task name}-{dynamic key}</c>.</param>
/// <param name="Retry">This call's retries; null for what the task declares.</param>
/// <param name="Timeout">How long one attempt of this call may take; null for what the task declares.</param>
/// <param name="Tags">Tags of the run beside those of the task; null or empty for none.</param>
public sealed record TaskInvocation(
    TaskDefinition Task,
    int DynamicKey,
    string ArgumentsJson,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>> Upstream,
    string? RunName = null,
    RunRetryPolicy? Retry = null,
    TimeSpan? Timeout = null,
    IReadOnlyList<string>? Tags = null
)
{
    /// <summary>How this call is cached; null for what the task declares.</summary>
    public CallCaching? Caching { get; init; }

    /// <summary>
    /// The names in JSON of the arguments that say where their values lie; null for none. <see cref="TaskValues"/> reads them.
    /// </summary>
    public IReadOnlyList<string>? Stored { get; init; }

    /// <summary>The key that the options of the call gave; null for none. With <see cref="CallCaching.HasKey"/> only.</summary>
    public string? CacheKey { get; init; }

    /// <summary>
    /// Called with the outcome of the call, or of the batch that it is in, as soon as that is under way: it also comes when the run is
    /// stopped meanwhile. Null for nobody who wants to know.
    /// </summary>
    public Action<Task<IReadOnlyList<CallOutcome>>>? Observe { get; init; }
}
