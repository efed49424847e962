namespace Serverless.Flows;

/// <summary>How a task is run in the background.</summary>
public sealed record DelayOptions
{
    /// <summary>When the run is to start (UTC), at most a century from now; null (the default) for at once.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    /// <summary>
    /// Makes all runs of the task with this key one run, whoever asks for it, until that run is deleted; null (the default) for a run of
    /// this call alone. At most 1,024 characters, and not empty.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Tags of the run beside those that the task declares; none by default. At most 1,000.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The run's name, of at most 200 characters; null for the one that the task declares, or a generated one.</summary>
    public string? RunName { get; init; }

    /// <summary>Refuses what makes no sense.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    internal void Check(DateTimeOffset now)
    {
        if (IdempotencyKey is { Length: 0 or > 1024 } key)
        {
            throw Wrong(nameof(IdempotencyKey), $"has {key.Length} characters; it must have 1 to 1,024");
        }

        if (RunName is { Length: 0 or > 200 } name)
        {
            throw Wrong(nameof(RunName), $"has {name.Length} characters; it must have 1 to 200");
        }

        if (Tags.Count > 1000 || Tags.Any(string.IsNullOrEmpty) || Tags.Any(tag => tag.Length > 1024))
        {
            throw Wrong(nameof(Tags), "must be at most 1,000 tags of 1 to 1,024 characters");
        }

        if (ScheduledTime is { } time && (time - now).TotalSeconds > Durations.Longest)
        {
            throw Wrong(nameof(ScheduledTime), $"is {time:O}; it must be at most a century from now");
        }
    }

    private static ArgumentException Wrong(string option, string problem) => new($"{nameof(DelayOptions)}.{option} {problem}.", option);
}
