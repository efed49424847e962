namespace Serverless.Flows;

/// <summary>How a task takes slots of concurrency limits.</summary>
public sealed record SlotOptions
{
    /// <summary>How long to wait for the slots; null (the default) for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// For how long the slots stay taken when the process dies; 5 minutes by default, from 1 minute to 1 day, as in Prefect. A living
    /// process renews them. Rate limits do not use it.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True to fail if one of the limits does not exist; false (the default) to go on without it, with a warning in the run's log.
    /// </summary>
    public bool Strict { get; init; }
}
