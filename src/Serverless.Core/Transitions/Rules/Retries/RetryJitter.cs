namespace Serverless.Core.Transitions.Rules;

/// <summary>
/// Spreads retries so that tasks that failed together do not come back together: an interval of a Poisson process,
/// clamped so that half of all intervals stay below the median (Prefect's <c>clamped_poisson_interval</c>).
/// </summary>
public static class RetryJitter
{
    /// <summary>Seconds around <paramref name="average"/>, at most <c>average × (1 + factor)</c>.</summary>
    /// <param name="average">The delay without jitter in seconds; positive.</param>
    /// <param name="factor">How much longer it may get; positive.</param>
    /// <param name="random">The randomness.</param>
    public static double Spread(double average, double factor, Random random)
    {
        var upper = 1 + factor;
        var lowest = Distribution(LowerMultiple(upper));
        var highest = Distribution(upper);
        var drawn = lowest + (random.NextDouble() * (highest - lowest));
        return -Math.Log(Math.Max(1 - drawn, 1e-10)) * average;
    }

    // In multiples of the average: the lower bound with as much probability between it and the median as between
    // the median and the upper bound. Beyond 50 the power would overflow, and the bound is 0 to all digits.
    private static double LowerMultiple(double upper) =>
        upper >= 50 ? 0 : Math.Log2(Math.Max(Math.Pow(2, upper) / (Math.Pow(2, upper) - 1), 1e-10));

    // The exponential distribution with mean 1.
    private static double Distribution(double x) => 1 - Math.Exp(-x);
}
