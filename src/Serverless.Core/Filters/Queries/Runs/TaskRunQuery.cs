namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /task_runs/filter</c>.</summary>
public sealed record TaskRunQuery : RunQuery
{
    /// <summary>The order.</summary>
    public TaskRunSort Sort { get; init; }
}
