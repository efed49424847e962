using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>How a task run is retried.</summary>
public sealed record TaskRunPolicy
{
    /// <summary>Deprecated on the wire: stands in for <see cref="Retries"/> when that is null and this is not 0.</summary>
    public int MaxRetries { get; init; }

    /// <summary>
    /// Deprecated on the wire: stands in for <see cref="RetryDelay"/> when that is null and this is not 0.
    /// </summary>
    public double RetryDelaySeconds { get; init; }

    /// <summary>How often a failed run is run again; null for never.</summary>
    public int? Retries { get; init; }

    /// <summary>Seconds between a failure and the next attempt: one number for all, or one for each retry.</summary>
    public RetryDelay? RetryDelay { get; init; }

    /// <summary>Spreads the delay up to this fraction more (0.5: up to 50 %); null or 0 for none.</summary>
    [Range(0, double.MaxValue, ErrorMessage = "Value error, `retry_jitter_factor` must be >= 0.")]
    public double? RetryJitterFactor { get; init; }

    /// <summary>The policy of a run that has none: no retries.</summary>
    public static TaskRunPolicy Empty { get; } = new();

    /// <summary>The retries to use: <see cref="Retries"/>, or the deprecated <see cref="MaxRetries"/>.</summary>
    [JsonIgnore]
    public int? EffectiveRetries => (Retries is null or 0) && MaxRetries != 0 ? MaxRetries : Retries;

    /// <summary>
    /// The seconds to wait before the retry that follows the <paramref name="runCount"/>th attempt, before jitter.
    /// </summary>
    public double DelayAfter(int runCount) => RetryDelay?.After(runCount) ?? RetryDelaySeconds;
}
