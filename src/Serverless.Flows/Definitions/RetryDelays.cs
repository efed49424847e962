namespace Serverless.Flows;

/// <summary>Lists of waits before retries.</summary>
public static class RetryDelays
{
    /// <summary>Waits of which each is twice the one before (Prefect's <c>exponential_backoff</c>).</summary>
    /// <param name="first">The wait before the first retry; not negative. No wait is longer than a century.</param>
    /// <param name="retries">How many retries there are; 50 waits are listed at most, and the last one serves for the rest.</param>
    /// <returns>The waits, for <see cref="CallOptions.RetryDelays"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public static IReadOnlyList<TimeSpan> Exponential(TimeSpan first, int retries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        return [.. Seconds(first.TotalSeconds, retries, Durations.Longest).Select(TimeSpan.FromSeconds)];
    }

    /// <summary>The waits in seconds, none of which is longer than a limit.</summary>
    internal static double[] Seconds(double first, int retries, double longest) =>
        [.. Enumerable.Range(0, Math.Clamp(retries, 0, RunRetryPolicy.MaxDelays)).Select(n => Math.Min(first * Math.Pow(2, n), longest))];
}
