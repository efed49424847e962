namespace Serverless.Flows.Hosting;

/// <summary>One call of a task that is to be run in the background.</summary>
/// <param name="Task">The task's definition.</param>
/// <param name="ArgumentsJson">The arguments by parameter name: a JSON object. Injected parameters are left out.</param>
/// <param name="Key">With the same key, there is one run of the task; null for a key of its own.</param>
/// <param name="Options">Name and time of the run.</param>
/// <param name="Tags">Tags of the run beside those of the task.</param>
public sealed record BackgroundInvocation(
    TaskDefinition Task,
    string ArgumentsJson,
    string? Key,
    DelayOptions Options,
    IReadOnlyList<string> Tags
)
{
    /// <summary>
    /// The names in JSON of the arguments that say where their values lie; null for none. <see cref="TaskValues"/> reads them.
    /// </summary>
    public IReadOnlyList<string>? Stored { get; init; }

    /// <summary>The flow run that asks, by its body or by a task; null outside any flow.</summary>
    public Guid? FlowRunId { get; init; }

    /// <summary>The runs that the arguments come from, by parameter; null for none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Guid>>? Upstream { get; init; }
}
