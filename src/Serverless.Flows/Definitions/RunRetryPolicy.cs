namespace Serverless.Flows;

/// <summary>
/// When a failed run is tried again. Prefect's <c>retries</c>, <c>retry_delay_seconds</c> and <c>retry_jitter_factor</c>.
/// </summary>
/// <param name="Retries">How often; 0 for never.</param>
/// <param name="DelaySeconds">Seconds before the first, second, … retry; the last one serves for the rest. Empty for no delay.</param>
/// <param name="JitterFactor">How far a delay may be lengthened at random, as a share of it; 0 for exact delays.</param>
public sealed record RunRetryPolicy(int Retries, IReadOnlyList<double> DelaySeconds, double JitterFactor = 0)
{
    /// <summary>The longest list of delays; Prefect's limit.</summary>
    public const int MaxDelays = 50;

    private const double MostJitter = 1_000_000;

    /// <summary>The full names of the types of exceptions that are retried, derived ones included; empty for all.</summary>
    public IReadOnlyList<string> RetryOn
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The full names of those that are not, derived ones included. Wins over <see cref="RetryOn"/>.</summary>
    public IReadOnlyList<string> NoRetryOn
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Never tried again.</summary>
    public static RunRetryPolicy None { get; } = new(0, []);

    /// <summary>What a declaration says.</summary>
    /// <param name="retries">How often.</param>
    /// <param name="delaySeconds">The delays.</param>
    /// <param name="backoffSeconds">The first of delays that double, in place of a list; 0 for none.</param>
    /// <param name="jitterFactor">How far a delay may be lengthened.</param>
    /// <param name="problems">Gets what is wrong with the delays that double.</param>
    internal static RunRetryPolicy Of(
        int retries,
        double[] delaySeconds,
        double backoffSeconds,
        double jitterFactor,
        out IReadOnlyList<string> problems
    )
    {
        problems =
            !(backoffSeconds is >= 0 and <= Durations.Longest)
                ? [$"RetryBackoffSeconds is {backoffSeconds}; it must be 0 (none) to a century ({Durations.Longest} seconds)"]
            : backoffSeconds > 0 && delaySeconds.Length > 0
                ? ["RetryBackoffSeconds and RetryDelaySeconds are both set; expected one of them"]
            : [];
        var delays =
            backoffSeconds > 0 && problems.Count == 0
                ? RetryDelays.Seconds(backoffSeconds, retries, Math.Floor(Durations.Longest / (1 + Math.Max(jitterFactor, 0))))
                : [.. delaySeconds];
        return new RunRetryPolicy(retries, delays, jitterFactor);
    }

    /// <summary>What is wrong with these settings; null if nothing is.</summary>
    internal string? Problem =>
        this switch
        {
            { Retries: < 0 } => $"Retries is {Retries}; it must be 0 or more",
            { JitterFactor: < 0 or double.NaN } => $"RetryJitterFactor is {JitterFactor}; it must be 0 or more",
            { JitterFactor: > MostJitter } => $"RetryJitterFactor is {JitterFactor}; it must be at most {MostJitter}",
            { DelaySeconds.Count: > MaxDelays } => $"there are {DelaySeconds.Count} retry delays; at most {MaxDelays} are allowed",
            _ when DelaySeconds.Any(seconds => !(seconds >= 0 && seconds * (1 + JitterFactor) <= Durations.Longest)) =>
                $"the retry delays are [{string.Join(", ", DelaySeconds)}]; each must be 0 or more seconds, and at most a century "
                    + $"({Durations.Longest} seconds) with its jitter",
            _ => null,
        };

    /// <summary>Whether an exception is one of those that are retried, however often that is.</summary>
    internal bool Covers(Exception error) =>
        error is not NonRetryableException && (RetryOn.Count == 0 || IsOneOf(error, RetryOn)) && !IsOneOf(error, NoRetryOn);

    private static bool IsOneOf(Exception error, IReadOnlyList<string> names)
    {
        for (var type = names.Count == 0 ? null : error.GetType(); type is not null; type = type.BaseType)
        {
            if (names.Contains(Hosting.ErrorTypes.NameOf(type), StringComparer.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
