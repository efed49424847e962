using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>Body of operations that take the ids of flows.</summary>
public sealed record FlowIdsQuery
{
    /// <summary>The flows.</summary>
    [MaxLength(200)]
    public required IReadOnlyList<Guid> FlowIds { get; init; }
}
