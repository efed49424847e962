using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Serverless.Core.Models;

/// <summary>How a flow run is retried, and the track of its pauses.</summary>
public sealed record FlowRunPolicy
{
    /// <summary>Deprecated on the wire: stands in for <see cref="Retries"/> when that is null and this is not 0.</summary>
    public int MaxRetries { get; init; }

    /// <summary>
    /// Deprecated on the wire: stands in for <see cref="RetryDelay"/> when that is null and this is not 0.
    /// </summary>
    public double RetryDelaySeconds { get; init; }

    /// <summary>How often a failed run is run again; null for never.</summary>
    public int? Retries { get; init; }

    /// <summary>Seconds between a failure and the next attempt.</summary>
    public int? RetryDelay { get; init; }

    /// <summary>
    /// Seconds before the first, second, … retry; the last one repeats. Wins over <see cref="RetryDelay"/>; null for that. Ours: Prefect
    /// has one delay for all retries of a flow, and its clients ignore this.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [MaxLength(Models.RetryDelay.MaxCount)]
    public IReadOnlyList<double>? RetryDelays { get; init; }

    /// <summary>The keys of the pauses that have happened in this attempt.</summary>
    public IReadOnlyList<string> PauseKeys
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>
    /// True from leaving a pause until the run is Running or final; from Paused straight to Running, until it leaves Running.
    /// </summary>
    public bool? Resuming
    {
        get;
        init => field = value ?? false;
    } = false;

    /// <summary>
    /// <c>in_process</c> while the engine retries, <c>reschedule</c> after a manual rerun of a deployment; else null.
    /// </summary>
    public string? RetryType { get; init; }

    /// <summary>The policy of a run that has none: no retries.</summary>
    public static FlowRunPolicy Empty { get; } = new();

    /// <summary>The retries to use: <see cref="Retries"/>, or the deprecated <see cref="MaxRetries"/>.</summary>
    [JsonIgnore]
    public int? EffectiveRetries => (Retries is null or 0) && MaxRetries != 0 ? MaxRetries : Retries;

    /// <summary>The seconds to wait before the retry that follows the <paramref name="runCount"/>th attempt.</summary>
    public double DelayAfter(int runCount) =>
        RetryDelays is { Count: > 0 } delays ? delays[Math.Clamp(runCount - 1, 0, delays.Count - 1)] : RetryDelay ?? RetryDelaySeconds;
}
