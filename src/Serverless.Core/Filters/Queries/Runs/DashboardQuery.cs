using System.Text.Json;

namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /ui/task_runs/dashboard/counts</c>. The filter on task runs must say since when they started.</summary>
public sealed record DashboardQuery : RunFilters
{
    /// <summary>Only what belongs to such work queues, as sent. Prefect has this other name for them here.</summary>
    public JsonElement? WorkQueues { get; init; }

    /// <summary>The query with the same filters.</summary>
    public override T Of<T>() => base.Of<T>() with { WorkPoolQueues = WorkQueues };
}
