using System.ComponentModel.DataAnnotations;

namespace Serverless.Core.Models;

/// <summary>
/// Body of <c>POST /deployments/{id}/schedule</c>: creates runs for the times of the deployment's schedules, past ones too. A member that
/// is null or not there has the scheduler's default.
/// </summary>
public sealed record ScheduleRunsRequest
{
    /// <summary>The most runs that one request creates for each schedule.</summary>
    public const int Most = 1000;

    /// <summary>The earliest time; null for now.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>The latest time; null for 100 days after the start.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Runs are created until at least so many seconds after the start; null for an hour.</summary>
    public double? MinTime { get; init; }

    /// <summary>How many runs are created at least; null for 3.</summary>
    [Range(0, Most)]
    public int? MinRuns { get; init; }

    /// <summary>How many runs are created at most; null for 100.</summary>
    [Range(0, Most)]
    public int? MaxRuns { get; init; }
}
