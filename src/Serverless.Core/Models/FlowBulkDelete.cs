using System.ComponentModel.DataAnnotations;
using Serverless.Core.Filters;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flows/bulk_delete</c>.</summary>
public sealed record FlowBulkDelete
{
    /// <summary>The most flows that one request deletes.</summary>
    public const int Most = 50;

    /// <summary>Which; null for all.</summary>
    public FlowFilter? Flows { get; init; }

    /// <summary>How many at most.</summary>
    [Range(1, Most)]
    public int Limit { get; set; } = Most; // With init, the generated reader gives 0 when the member is not there.
}
