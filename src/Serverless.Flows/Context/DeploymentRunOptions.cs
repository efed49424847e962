namespace Serverless.Flows;

/// <summary>How a flow runs a deployment.</summary>
public sealed record DeploymentRunOptions
{
    /// <summary>The run's name; null for a generated one.</summary>
    public string? RunName { get; init; }

    /// <summary>Tags of the run beside those of the deployment, and those of <see cref="FlowContext.WithTags"/>; none by default.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When the run is to start (UTC); null (the default) for at once.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>
    /// Makes runs with this key one run of the deployment's flow, whoever asks for it; null (the default) for a run of this call alone.
    /// At most 1,024 characters.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// How long to wait for the run's end, from its creation on; null (the default) for as long as it takes. Beyond that the call ends as
    /// TimedOut, and the run goes on.
    /// </summary>
    public TimeSpan? Deadline { get; init; }
}
