using Serverless.Flows.Caching;
using Serverless.Flows.Hosting;

namespace Serverless.Flows;

/// <summary>
/// What one call does differently from what the called task or flow declares. A call with options that make no sense throws a
/// <see cref="FlowRegistrationException"/> that names them.
/// </summary>
public sealed record CallOptions
{
    /// <summary>The run's name; null for a generated one. In a map the item's number is appended.</summary>
    public string? RunName { get; init; }

    /// <summary>How often a failed attempt is retried, 0 for never; null for what the task declares. Tasks only.</summary>
    public int? Retries { get; init; }

    /// <summary>
    /// The waits before the first, second, … retry; the last one serves for the rest. Null for what the task declares, empty for none. At
    /// most 50, each at most a century. Tasks only.
    /// </summary>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; init; }

    /// <summary>
    /// How far a delay may be lengthened at random, as a share of it, from 0 to 1,000,000; null for what the task declares. Tasks only.
    /// </summary>
    public double? RetryJitterFactor { get; init; }

    /// <summary>
    /// The types of exceptions that are retried, derived types included; null for what the task declares, empty for all. Tasks only.
    /// </summary>
    public IReadOnlyList<Type>? RetryOn { get; init; }

    /// <summary>
    /// The types of exceptions that are not retried, derived types included; null for what the task declares. Wins over
    /// <see cref="RetryOn"/>. Tasks only.
    /// </summary>
    public IReadOnlyList<Type>? NoRetryOn { get; init; }

    /// <summary>
    /// How long an attempt may take: more than nothing, and at most 2,147,483 seconds (almost 25 days); null for what the task declares.
    /// Tasks only.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Calls that have to complete before this one starts, although it takes nothing from them; empty (the default) for none. They are
    /// recorded as inputs of the run under <c>wait_for</c>, as in Prefect. If one does not complete, this call is not started, and awaiting
    /// it throws that one's exception.
    /// </summary>
    public IReadOnlyList<TaskFuture> WaitFor { get; init; } = [];

    /// <summary>
    /// True to start this call as soon as those of <see cref="WaitFor"/> have ended, however they ended; false (the default) to want them
    /// completed.
    /// </summary>
    public bool AllowFailure { get; init; }

    /// <summary>
    /// Tags of the run beside those that the task or flow declares, and those of <see cref="FlowContext.WithTags"/>; none by default.
    /// Concurrency limits count by them.
    /// </summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// What the cache key is made of, in place of all that the task declares of it; <see cref="CachePolicy.None"/> for no cache, null for
    /// what the task declares. Tasks only.
    /// </summary>
    public CachePolicy? Cache { get; init; }

    /// <summary>
    /// For how long the cached result may be used: more than nothing, and at most a century; null for what the task declares. Tasks only.
    /// </summary>
    public TimeSpan? CacheExpiration { get; init; }

    /// <summary>True to run the task whatever is cached, and to cache its result; null for what the task declares. Tasks only.</summary>
    public bool? RefreshCache { get; init; }

    internal bool ChangesTask => ChangesRetry || Timeout is not null || ChangesCache;

    private bool ChangesCache => Cache is not null || CacheExpiration is not null || RefreshCache is not null;

    private bool ChangesRetry =>
        Retries is not null || RetryDelays is not null || RetryJitterFactor is not null || RetryOn is not null || NoRetryOn is not null;

    /// <summary>The task's policy with this call's changes; null if there are none.</summary>
    /// <exception cref="FlowRegistrationException">The result makes no sense.</exception>
    internal RunRetryPolicy? ApplyTo(TaskDefinition task)
    {
        if (!ChangesRetry)
        {
            return null;
        }

        List<string> problems = [];
        var policy = new RunRetryPolicy(
            Retries ?? task.Retry.Retries,
            RetryDelays?.Select(delay => delay.TotalSeconds).ToArray() ?? task.Retry.DelaySeconds,
            RetryJitterFactor ?? task.Retry.JitterFactor
        )
        {
            RetryOn = RetryOn is null ? task.Retry.RetryOn : RetryConditions.NamesOf(RetryOn, nameof(RetryOn), problems),
            NoRetryOn = NoRetryOn is null ? task.Retry.NoRetryOn : RetryConditions.NamesOf(NoRetryOn, nameof(NoRetryOn), problems),
        };
        return (policy.Problem ?? problems.FirstOrDefault()) is { } problem
            ? throw new FlowRegistrationException($"Options of the call of {task.Target}: {problem}.")
            : policy;
    }

    /// <summary>How this call is cached; null if that is as the task declares.</summary>
    /// <exception cref="FlowRegistrationException">The options make no sense.</exception>
    internal CallCaching? CachingOf(TaskDefinition task)
    {
        if (!ChangesCache)
        {
            return null;
        }

        List<string> problems = [];
        var ignored = Cache is { Ignored.Count: > 0 } policy
            ? CacheDeclaration.IgnoredNames(task.Method, policy.Parts, policy.Ignored, nameof(Cache), problems)
            : [];
        if (CacheExpiration is { } expiration && !(expiration > TimeSpan.Zero && expiration.TotalSeconds <= Durations.Longest))
        {
            problems.Add($"CacheExpiration is {expiration}; it must be positive and at most a century ({Durations.Longest} seconds)");
        }

        if (Cache is { IsNone: false } && task.Persists is false)
        {
            problems.Add("Cache is set, but PersistResult of the task is false: a result that is not kept cannot be found again");
        }

        if (Cache is null && task.Cache is null)
        {
            var unused = CacheExpiration is null ? nameof(RefreshCache) : nameof(CacheExpiration);
            problems.Add($"{unused} is set, but the task is not cached: set Cache");
        }

        return problems is [var problem, ..]
            ? throw new FlowRegistrationException($"Options of the call of {task.Target}: {problem}.")
            : new CallCaching(
                Cache?.Parts,
                ignored.Count > 0 ? ignored : null,
                Cache?.HasKeys ?? false,
                Cache?.Isolation,
                CacheExpiration,
                RefreshCache
            );
    }
}
