using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>Body of operations that take the ids of flow runs.</summary>
public sealed record FlowRunIdsQuery
{
    /// <summary>The flow runs.</summary>
    [MaxLength(200)]
    public required IReadOnlyList<Guid> FlowRunIds { get; init; }
}
