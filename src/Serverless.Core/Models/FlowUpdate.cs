using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>PATCH /flows/{id}</c>.</summary>
public sealed record FlowUpdate
{
    /// <summary>The flow's tags, in place of those that it has; null changes nothing.</summary>
    [MaxLength(WireLimits.Tags)]
    public IReadOnlyList<string>? Tags { get; init; }
}
