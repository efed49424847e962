namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /v2/concurrency_limits/decrement-with-lease</c>.</summary>
public sealed record SlotsLeaseEnd
{
    /// <summary>The lease.</summary>
    public required Guid LeaseId { get; init; }
}
