namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flow_runs/filter</c>.</summary>
public sealed record FlowRunQuery : RunQuery
{
    /// <summary>The order.</summary>
    public FlowRunSort Sort { get; init; }
}
