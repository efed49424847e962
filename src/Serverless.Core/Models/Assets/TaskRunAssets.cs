namespace Serverless.Core.Models;

/// <summary>The assets that an attempt of a task run of this app makes.</summary>
/// <param name="Materialized">The assets.</param>
public sealed record TaskRunAssets(IReadOnlyList<TaskRunAsset> Materialized)
{
    /// <summary>The state with which the attempt ended.</summary>
    public Guid StateId { get; init; }

    /// <summary>When it ended (UTC).</summary>
    public DateTimeOffset Ended { get; init; }

    /// <summary>Whether it succeeded.</summary>
    public bool Succeeded { get; init; }

    /// <summary>True when the task run took over a cached result: it made nothing, but what got its result was made from these.</summary>
    public bool IsCached { get; init; }
}
