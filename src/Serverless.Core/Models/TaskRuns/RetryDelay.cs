using System.Text.Json.Serialization;
using Serverless.Core.Json;

namespace Serverless.Core.Models;

/// <summary>
/// Seconds between a failure and the next attempt: one number for all retries, or one for each (at most 50).
/// </summary>
[JsonConverter(typeof(RetryDelayConverter))]
public sealed record RetryDelay
{
    /// <summary>The wire's limit of a list.</summary>
    public const int MaxCount = 50;

    private readonly double[] _seconds;

    private RetryDelay(double[] seconds, bool isList)
    {
        _seconds = seconds;
        IsList = isList;
    }

    /// <summary>The seconds, in the order of the retries.</summary>
    public IReadOnlyList<double> Seconds => _seconds;

    /// <summary>True when given as a list; the wire keeps the form.</summary>
    public bool IsList { get; }

    /// <summary>The same delay before every retry.</summary>
    public static RetryDelay Constant(double seconds) => new([seconds], isList: false);

    /// <summary>One delay for each retry; the last one repeats.</summary>
    /// <exception cref="ArgumentException">More than 50 delays, the wire's limit.</exception>
    public static RetryDelay List(params IEnumerable<double> seconds)
    {
        double[] values = [.. seconds];
        return values.Length <= MaxCount
            ? new(values, isList: true)
            : throw new ArgumentException("Can not configure more than 50 retry delays per task.", nameof(seconds));
    }

    /// <summary>The seconds to wait before the retry that follows the <paramref name="runCount"/>th attempt.</summary>
    public double After(int runCount) => _seconds.Length == 0 ? 0 : _seconds[Math.Clamp(runCount - 1, 0, _seconds.Length - 1)];

    /// <inheritdoc/>
    public bool Equals(RetryDelay? other) => other is not null && IsList == other.IsList && _seconds.AsSpan().SequenceEqual(other._seconds);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsList, _seconds.Length, _seconds.Length == 0 ? 0 : _seconds[0]);
}
