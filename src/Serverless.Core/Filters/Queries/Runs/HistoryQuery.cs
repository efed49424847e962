using System.Text.Json;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flow_runs/history</c> and <c>POST /task_runs/history</c>.</summary>
public sealed record HistoryQuery : RunFilters
{
    /// <summary>When the first interval begins.</summary>
    public required DateTimeOffset HistoryStart { get; init; }

    /// <summary>No interval begins at this time or later.</summary>
    public required DateTimeOffset HistoryEnd { get; init; }

    /// <summary>How long an interval is, in seconds; at least 1.</summary>
    public required double HistoryIntervalSeconds { get; init; }

    /// <summary>Only what belongs to such work queues, as sent. Prefect has this other name for them here.</summary>
    public JsonElement? WorkQueues { get; init; }

    /// <summary>The query with the same filters.</summary>
    public override T Of<T>() => base.Of<T>() with { WorkPoolQueues = WorkQueues };
}
