using System.ComponentModel.DataAnnotations;
using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /concurrency_limits/increment</c> and <c>/decrement</c>.</summary>
public sealed record TagSlots
{
    /// <summary>The tags; those without a limit do not count.</summary>
    [MaxLength(WireLimits.LimitsAtOnce)]
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The task run that takes or releases a slot of each.</summary>
    public required Guid TaskRunId { get; init; }
}
