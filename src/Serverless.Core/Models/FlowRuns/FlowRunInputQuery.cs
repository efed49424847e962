using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /flow_runs/{id}/input/filter</c>.</summary>
public sealed record FlowRunInputQuery
{
    /// <summary>How the keys begin.</summary>
    public required string Prefix { get; init; }

    /// <summary>How many to return at most.</summary>
    [Range(0, int.MaxValue)]
    public int Limit { get; set; } = 1; // With init, the generated reader gives 0 when the member is not there.

    /// <summary>Keys that are not wanted.</summary>
    public IReadOnlyList<string> ExcludeKeys
    {
        get;
        init => field = value ?? [];
    } = [];
}
