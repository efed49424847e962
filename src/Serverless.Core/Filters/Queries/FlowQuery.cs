namespace Serverless.Core.Filters;

/// <summary>Body of <c>POST /flows/filter</c>.</summary>
public sealed record FlowQuery : RunQuery
{
    /// <summary>The order.</summary>
    public FlowSort Sort { get; init; }
}
