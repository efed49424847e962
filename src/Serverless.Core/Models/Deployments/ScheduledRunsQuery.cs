using Serverless.Core.Validation;

namespace Serverless.Core.Models;

/// <summary>Body of <c>POST /deployments/get_scheduled_flow_runs</c>, by which a runner asks for its work.</summary>
public sealed record ScheduledRunsQuery
{
    /// <summary>The deployments whose runs are wanted.</summary>
    public required IReadOnlyList<Guid> DeploymentIds { get; init; }

    /// <summary>Only runs that are due at this time or before; null for all.</summary>
    public DateTimeOffset? ScheduledBefore { get; init; }

    /// <summary>How many at most; null for the server's default.</summary>
    [PageLimit]
    public int? Limit { get; init; }
}
