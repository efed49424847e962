using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serverless.Core.Filters;
using Serverless.Core.States;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/bulk_set_state</c>.</summary>
public sealed record BulkSetStateRequest
{
    /// <summary>The most runs that one request may change, and what one gets that does not say.</summary>
    public const int MaxLimit = 50;

    /// <summary>Which runs; null for any.</summary>
    public FlowRunFilter? FlowRuns { get; init; }

    /// <summary>The state that is proposed for each of them.</summary>
    public required ProposedState State { get; init; }

    /// <summary>True to skip the rules (the minimal policy decides).</summary>
    public bool Force { get; init; }

    /// <summary>How many runs at most; null for as many as there may be.</summary>
    [DefaultValue(MaxLimit)]
    [Range(1, MaxLimit)]
    public int? Limit { get; init; }
}
