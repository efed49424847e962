namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /task_workers/filter</c>; all of it may be left out.</summary>
public sealed record TaskWorkerQuery
{
    /// <summary>Which workers; null for all.</summary>
    public TaskWorkerFilter? TaskWorkerFilter { get; init; }
}
