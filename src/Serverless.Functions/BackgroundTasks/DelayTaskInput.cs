using Serverless.Flows.Hosting;

namespace Serverless.Functions.BackgroundTasks;

/// <summary>Input of <see cref="DelayTask"/>: a task that is to run in the background.</summary>
/// <param name="TaskKey">The task's key in the registry.</param>
/// <param name="Input">The arguments.</param>
/// <param name="Key">With the same key, there is one run of the task; null for a key of its own.</param>
/// <param name="ScheduledTime">When it is to start (UTC); null for at once.</param>
/// <param name="RunName">Its name; null for the declared one, or a generated one.</param>
/// <param name="Tags">Its tags beside those of the task; null for none.</param>
/// <param name="Upstream">The runs that the arguments come from, by parameter; null for none.</param>
public sealed record DelayTaskInput(
    string TaskKey,
    BackgroundTaskInput Input,
    string? Key = null,
    DateTimeOffset? ScheduledTime = null,
    string? RunName = null,
    IReadOnlyList<string>? Tags = null,
    IReadOnlyDictionary<string, IReadOnlyList<Guid>>? Upstream = null
)
{
    /// <summary>The flow run that asks; null outside any flow.</summary>
    public Guid? FlowRunId { get; init; }

    internal static DelayTaskInput Of(BackgroundInvocation invocation) =>
        new(
            invocation.Task.Key,
            new BackgroundTaskInput(invocation.ArgumentsJson, invocation.Stored),
            invocation.Key,
            invocation.Options.ScheduledTime,
            invocation.Options.RunName,
            invocation.Tags.Count == 0 ? null : invocation.Tags,
            invocation.Upstream
        )
        {
            FlowRunId = invocation.FlowRunId,
        };
}
